import { type Command, Option } from 'commander';

import type { ExportOptions } from './commands/export.ts';
import type { ImportOptions } from './commands/import.ts';
import type { CommandContext } from './context.ts';
import { examples } from './examples.ts';
import { lakeOption } from './lakeOption.ts';

/** The commands by which data comes in and goes out. */
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
}
