import { type Command, InvalidArgumentError, Option } from 'commander';

import type { EraseOptions } from './commands/erase.ts';
import type { ExportOptions } from './commands/export.ts';
import type { ImportOptions } from './commands/import.ts';
import type { CommandContext } from './context.ts';
import { examples } from './examples.ts';
import { lakeOption } from './lakeOption.ts';

function readUser(text: string): number {
  const user = Number(text);
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(user) || user === 0)
    throw new InvalidArgumentError("A user's id is a whole number above 0, such as 7311985206.");
  return user;
}

/** The commands by which data comes in, goes out, and is forgotten. */
export function addDataCommands(program: Command, context: () => CommandContext): void {
  program
    .command('import')
    .description('bring data in')
    .command('course')
    .argument('<from>', 'a folder, or s3://BUCKET/PREFIX')
    .description(
      "what a course's pipelines left, raw and Parquet, into a lake of yours; safe to run again",
    )
    .option('--enriched <from>', 'where the Parquet files are, if elsewhere')
    .option('--no-etl', 'leave the tables as they are')
    .addOption(lakeOption())
    .option('--json', 'the result as JSON')
    .addHelpText(
      'after',
      `
Looked for are folders named context_date=YYYY-MM-DD, at any depth, with raw updates (.json, .ndjson,
also with .gz) or tables (.parquet). Nothing there is changed.
${examples(
  'import course ./lake-of-the-course',
  'import course s3://my-raw-bucket --enriched s3://my-enriched-bucket',
  'import course ./raw --lake trial',
)}`,
    )
    // AWS's client takes a while to load.
    .action(async (from: string, options: ImportOptions) =>
      (await import('./commands/import.ts')).importFromCourse(context(), from, options),
    );

  program
    .command('export')
    .description('a table as one file, for other programs')
    .addOption(
      new Option('--format <format>', 'kind of file')
        .choices(['parquet', 'csv', 'duckdb'])
        .makeOptionMandatory(),
    )
    .requiredOption('--output <file>', 'where to write it; what is there is replaced')
    .addOption(
      new Option('--table <table>', 'which table')
        .choices(['telegram', 'messages', 'runs'])
        .default('telegram'),
    )
    .option('--from <day>', 'first day; without it, from the beginning')
    .option('--to <day>', 'last day; without it, to the end')
    .addOption(lakeOption())
    .option('--json', 'what was written as JSON')
    .addHelpText(
      'after',
      examples(
        'export --format parquet --output telegram.parquet',
        'export --format csv --table messages --from 2026-11-01 --to 2026-11-30 --output november.csv',
        'export --format duckdb --output lake.duckdb',
      ),
    )
    .action(async (options: ExportOptions) =>
      (await import('./commands/export.ts')).exportToFile(context(), options),
    );

  program
    .command('erase')
    .description('forget a person: everything that the lake holds of them')
    .requiredOption('--user <id>', "the person's id on Telegram: user_id in the table", readUser)
    .addOption(
      new Option('--on <where>', "this machine's lake, or the stage's buckets on AWS")
        .choices(['local', 'aws'])
        .default('local'),
    )
    .addOption(lakeOption())
    .option('--yes', 'do not ask')
    .option('--json', 'the receipt as JSON')
    .addHelpText(
      'after',
      `
It cannot be undone. Broken off, it goes on where it was when it is run again; run twice, it finds
nothing. The receipt holds counts and the id, nothing else of the person.
${examples('erase --user 7311985206', 'erase --user 7311985206 --on aws --yes --json > receipt.json')}`,
    )
    .action(async (options: EraseOptions) =>
      (await import('./commands/erase.ts')).erase(context(), options),
    );
}
