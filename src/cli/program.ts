import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Command, InvalidArgumentError, Option } from 'commander';

import { etl, type EtlOptions } from './commands/etl.ts';
import { query, type QueryOptions } from './commands/query.ts';
import { replay, type ReplayOptions } from './commands/replay.ts';
import { serve, type ServeOptions } from './commands/serve.ts';
import type {
  WebhookDeleteOptions,
  WebhookOptions,
  WebhookSetOptions,
} from './commands/webhook.ts';
import type { CommandContext } from './context.ts';
import { addDataCommands } from './dataCommands.ts';
import { examples } from './examples.ts';
import { lakeOption } from './lakeOption.ts';
import { readChats, readList } from './readList.ts';
import { addReportCommands } from './reportCommands.ts';
import { PACKAGE_FOLDER } from '../local/paths.ts';
import { EXIT } from './errors.ts';

const ENVIRONMENT = `
Settings stand in cdktf.json (context.chatbot); CHATBOT_* variables win over them. Also:
  CHATBOT_DATA          folder of the lakes (default: data)
  TELEGRAM_BOT_TOKEN    makes your own lake a real bot's, by long polling
  CHATBOT_TELEGRAM_API  another Bot API server than https://api.telegram.org
  NO_COLOR              no colours
  DEBUG                 errors come with where they were thrown

Exit codes: ${EXIT.ok} done, ${EXIT.failure} failed, ${EXIT.usage} called in a wrong way.`;

function version(): string {
  const manifest = readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return port;
}

function readMinutes(text: string): number {
  const minutes = Number(text);
  if (!/^\d+$/.test(text) || minutes > 10_080)
    throw new InvalidArgumentError('It is a number of minutes from 0 to 10080, a week.');
  return minutes;
}

/**
 * The command line: names, options and help.
 *
 * @param context is made when a command runs, so that help needs no valid configuration
 */
export function createProgram(context: () => CommandContext): Command {
  const program = new Command('chatbot')
    .description(
      'A Telegram bot that answers customers, and the lake that records every conversation.',
    )
    .version(version())
    .showHelpAfterError('Try: chatbot --help')
    .addHelpText('after', ENVIRONMENT)
    .addHelpText(
      'after',
      examples('serve', 'etl --date 2026-11-22', 'query messages_per_day', 'replay'),
    );

  program
    .command('serve')
    .description('the page, the webhook and the daily run on this machine (npm start)')
    .option(
      '--port <port>',
      'exactly this port; without it, 8787 or the next that is free',
      readPort,
    )
    .option('--json', 'report one JSON object a line')
    .addHelpText(
      'after',
      examples('serve', 'serve --port 9000', 'serve --json | jq .') +
        '\n  $ TELEGRAM_BOT_TOKEN=123456789:AAF… chatbot serve',
    )
    .action((options: ServeOptions) => serve(context(), options));

  program
    .command('etl')
    .description(
      "turn days' raw objects into their Parquet files; without a day, yesterday and the day before",
    )
    .option('--date <day>', 'one day, YYYY-MM-DD')
    .option('--from <day>', 'first day of a range')
    .option('--to <day>', 'last day of a range')
    .option('--outdated', 'the days whose files lack columns of this version')
    .option('--force', 'also days that have not changed')
    .addOption(lakeOption())
    .option('--json', 'the runs as JSON')
    .addHelpText(
      'after',
      examples(
        'etl',
        'etl --date 2026-11-22',
        'etl --from 2026-11-01 --to 2026-11-30 --lake sample',
        'etl --outdated',
      ),
    )
    .action((options: EtlOptions) => etl(context(), options));

  program
    .command('query')
    .argument('[name]', 'an analysis, or a query of your own with --sql')
    .description('ask the lake')
    .option('--list', 'the analyses there are')
    .option('--sql <file>', "a file with one SELECT in Athena's dialect, instead of a name")
    .addOption(
      new Option('--on <engine>', "where: DuckDB on this machine, or this stage's Athena")
        .choices(['local', 'athena'])
        .default('local'),
    )
    .option('--from <day>', 'first day; without it, the 90 days that the analysis asks for')
    .option('--to <day>', 'last day')
    .option('--chats <ids>', 'only these chats, by their ids: 1,-2', readChats)
    .option('--topics <names>', 'only these topics: pix,frete', readList)
    .option('--compare', 'beside each number, what it was in the period before')
    .option(
      '--reuse <minutes>',
      'Athena: a result of the same query that is at most this old is taken again, for nothing',
      readMinutes,
      10,
    )
    .addOption(
      new Option('--format <format>', 'how to write the result').choices([
        'table',
        'csv',
        'json',
        'parquet',
      ]),
    )
    .option('--json', 'the same as --format json')
    .option('--output <file>', 'write to a file instead of standard output')
    .addOption(lakeOption())
    .addHelpText(
      'after',
      `
The result goes to standard output; how many rows, how long and, on Athena, what was scanned and its
price go to standard error. CSV is UTF-8 with a byte order mark, so that spreadsheets read accents;
texts that a spreadsheet would run as a formula get an apostrophe.
${examples(
  'query --list',
  'query messages_per_day --lake sample',
  'query messages_per_day --from 2026-11-01 --to 2026-11-30 --compare',
  'query top_topics --chats 123456,-100987654 --format csv --output topics.csv',
  'query messages_per_day --on athena',
  'query --sql mine.sql --format parquet --output mine.parquet',
)}`,
    )
    .action((name: string | undefined, options: QueryOptions) => query(context(), name, options));

  program
    .command('replay')
    .description('bring rejected objects back: all, those of a day, or some')
    .option('--day <day>', 'only those rejected on this day')
    .option('--key <key...>', 'only these, by their keys under rejected/')
    .option('--body <file>', 'mended bytes of the one object that --key names')
    .addOption(lakeOption())
    .option('--json', 'the result as JSON')
    .addHelpText(
      'after',
      examples(
        'replay',
        'replay --day 2026-11-22',
        'replay --key rejected/context_date=2026-11-22/ab….json --body mended.json',
      ),
    )
    .action((options: ReplayOptions) => replay(context(), options));

  addReportCommands(program, context);
  addDataCommands(program, context);
  addWebhook(program, context);
  return program;
}

/** The commands that connect Telegram with a stack on AWS. */
function addWebhook(program: Command, context: () => CommandContext): void {
  // AWS's clients take a while to load, and no other command needs them.
  const commands = () => import('./commands/webhook.ts');
  const webhook = program
    .command('webhook')
    .description("connect a bot with this stage's stack on AWS: set, info, rotate, delete")
    .addHelpText(
      'after',
      `
The stage is that of the configuration (project, stage, region). The bot's token and the secret lie
in SSM Parameter Store, where Terraform never sees them. AWS credentials are taken as by AWS's own
tools: AWS_PROFILE, AWS_ACCESS_KEY_ID, …
${examples(
  'webhook set --url https://….execute-api.us-east-1.amazonaws.com/dev/telegram',
  'webhook set --outputs outputs.json',
  'webhook info',
  'webhook rotate',
  'webhook delete',
)}`,
    );
  const json = '--json';
  webhook
    .command('set')
    .description(
      'fill the secret and the token, and tell Telegram where to send updates; safe to run again',
    )
    .option('--url <url>', "the stack's output")
    .option(
      '--outputs <file>',
      'a file of outputs: cdktf deploy --outputs-file, terraform output -json',
    )
    .option('--drop-pending', 'forget the updates that wait; without it they are delivered')
    .option('--new-token', 'ask for the token though one is set')
    .option(json, 'the result as JSON')
    .addHelpText(
      'after',
      `
The token is TELEGRAM_BOT_TOKEN's, or the one that was set before, or a line of standard input.`,
    )
    .action(async (options: WebhookSetOptions) =>
      (await commands()).webhookSet(context(), options),
    );
  webhook
    .command('info')
    .description('what Telegram says: URL, updates that wait, the last failure and what to do')
    .option(json, 'as Telegram says it')
    .action(async (options: WebhookOptions) => (await commands()).webhookInfo(context(), options));
  webhook
    .command('rotate')
    .description('another secret, without losing an update; run it again if it fails')
    .option(json, 'the result as JSON')
    .action(async (options: WebhookOptions) =>
      (await commands()).webhookRotate(context(), options),
    );
  webhook
    .command('delete')
    .description('disconnect the bot, and forget secret and token')
    .option('--drop-pending', 'forget the updates that wait')
    .option(json, 'the result as JSON')
    .action(async (options: WebhookDeleteOptions) =>
      (await commands()).webhookDelete(context(), options),
    );
}
