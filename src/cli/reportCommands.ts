import { type Command, Option } from 'commander';

import type { DigestOptions } from './commands/digest.ts';
import type { ReportOptions } from './commands/report.ts';
import type { CommandContext } from './context.ts';
import { examples } from './examples.ts';
import { lakeOption } from './lakeOption.ts';
import { readChats } from './readList.ts';

/** Which engine a command asks. */
function engineOption(): Option {
  return new Option('--on <engine>', "where: DuckDB on this machine, or this stage's Athena")
    .choices(['local', 'athena'])
    .default('local');
}

function languageOption(): Option {
  return new Option('--lang <language>', "without it, the configuration's").choices(['pt', 'en']);
}

/** The commands that tell what happened: to be read, sent and printed. */
export function addReportCommands(program: Command, context: () => CommandContext): void {
  program
    .command('report')
    .description('the analyses of a period as one HTML file, to be read, sent and printed')
    .option('--from <day>', 'first day; without it, the last 30 days that are over')
    .option('--to <day>', 'last day')
    .addOption(engineOption())
    .option('--chats <ids>', 'only these chats, by their ids: 1,-2', readChats)
    .addOption(languageOption())
    .option('--output <file>', 'without it, report-FROM-TO.html here; - is standard output')
    .addOption(lakeOption())
    .option('--json', 'what was written as JSON')
    .addHelpText(
      'after',
      examples(
        'report',
        'report --from 2026-11-01 --to 2026-11-30 --output november.html',
        'report --lake sample --lang en',
        'report --on athena --from 2026-11-01 --to 2026-11-30',
      ),
    )
    // What draws charts takes a while to load.
    .action(async (options: ReportOptions) =>
      (await import('./commands/report.ts')).report(context(), options),
    );

  program
    .command('digest')
    .description("send the owner's chat a day in six lines, with the report; each day once")
    .option('--date <day>', 'which day; without it, yesterday')
    .option('--dry-run', 'only show it')
    .option('--again', 'send it though it was sent before')
    .addOption(engineOption())
    .addOption(languageOption())
    .option('--output <file>', 'with --dry-run, write the report that would come with it')
    .addOption(lakeOption())
    .option('--json', 'the result as JSON')
    .addHelpText(
      'after',
      `
chatbot serve sends it by itself each day at the hour that the setting digestHour names.
${examples('digest --dry-run', 'digest --dry-run --lake sample --output report.html', 'digest --date 2026-11-21 --again')}`,
    )
    .action(async (options: DigestOptions) =>
      (await import('./commands/digest.ts')).digest(context(), options),
    );
}
