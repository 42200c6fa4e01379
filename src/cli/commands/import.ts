import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';

import { type DaysRun, runDays } from '../../../functions/etl/runDays.ts';
import { explainAwsError } from '../../aws/explain.ts';
import { type CourseImport, importCourse } from '../../lake/course/importCourse.ts';
import { type CourseSource, type Survey, surveyCourse } from '../../lake/course/survey.ts';
import { FolderStore } from '../../lake/folderStore.ts';
import type { Lake } from '../../lake/lake.ts';
import { amount } from '../../local/report.ts';
import { type CommandContext, type CommonOptions, openCommandLake } from '../context.ts';
import { PartialFailure, UsageError } from '../errors.ts';
import type { Output } from '../output.ts';
import { progressLine, runLine } from './etl.ts';

export interface ImportOptions extends CommonOptions {
  readonly enriched?: string;
  /** `--no-etl` makes it false. */
  readonly etl: boolean;
}

/** Unreadable objects that are named on the terminal; all of them are in the JSON and the lake. */
const NAMED = 10;

/** Beyond so many days, the terminal shows sums only. */
const SHOWN_DAYS = 7;

/** A source with how to let go of it. */
interface OpenSource extends CourseSource {
  readonly close?: () => void;
}

async function bucketSource(url: string, region: string): Promise<OpenSource> {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(url) ?? [];
  if (bucket === undefined) throw new UsageError(`"${url}" is no address: s3://BUCKET/PREFIX`);
  // AWS's client takes a while to load, and a folder needs none.
  const { commandS3Client } = await import('../stageLake.ts');
  const { S3Store } = await import('../../lake/s3Store.ts');
  const client = commandS3Client(region);
  return {
    store: new S3Store({ client, bucket }),
    prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`,
    name: url,
    close: () => {
      client.destroy();
    },
  };
}

async function folderSource(path: string): Promise<OpenSource> {
  const folder = resolve(path);
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new UsageError(`There is no folder ${path}.`);
  // The folder of one day: its name is the day.
  return basename(folder).startsWith('context_date=')
    ? { store: new FolderStore(dirname(folder)), prefix: `${basename(folder)}/`, name: path }
    : { store: new FolderStore(folder), prefix: '', name: path };
}

/** Does what is to be done with the places that were named; errors of AWS say what to do. */
async function withSources<T>(
  { config }: CommandContext,
  places: readonly string[],
  work: (sources: readonly CourseSource[]) => Promise<T>,
): Promise<T> {
  const sources: OpenSource[] = [];
  try {
    for (const place of places) {
      const isBucket = place.startsWith('s3://');
      sources.push(await (isBucket ? bucketSource(place, config.region) : folderSource(place)));
    }
    return await work(sources);
  } catch (error) {
    throw explainAwsError(error, `read ${places.join(' and ')}`, config.region);
  } finally {
    for (const { close } of sources) close?.();
  }
}

const number = new Intl.NumberFormat('en');

/** A count with what is counted: the name of one, and of several where that is another. */
type Named = readonly [count: number, one: string, several?: string];

/** Counts with their names, those that are nothing left out. */
function counts(named: readonly Named[]): string {
  return named
    .filter(([count]) => count > 0)
    .map(([count, one, several = one]) => `${number.format(count)} ${count === 1 ? one : several}`)
    .join(', ');
}

/** What the sources hold, as lines of text. */
function surveyLines({ days, missingDays, ...found }: Survey): string[] {
  const [first, last] = [days[0]?.day ?? '', days.at(-1)?.day ?? ''];
  const missing = missingDays.slice(0, 5).join(', ');
  const held = counts([
    [found.rawObjects, 'raw object', 'raw objects'],
    [found.parquetFiles, 'Parquet file', 'Parquet files'],
  ]);
  return [
    `Found       ${held} of ${amount(days.length, 'day')}, ${first} to ${last}`,
    ...(found.otherObjects === 0
      ? []
      : [`Others      ${amount(found.otherObjects, 'object')} of another kind, left`]),
    ...(missingDays.length === 0
      ? []
      : [
          `Missing     ${amount(missingDays.length, 'day')} in between: ${missing}${missingDays.length > 5 ? ', …' : ''}`,
        ]),
  ];
}

/** What became of it, as lines of text. */
function importLines({ updates, rows, otherTables, unreadable }: CourseImport): string[] {
  return [
    ...(updates.found === 0
      ? []
      : [
          `Updates     ${number.format(updates.found)}: ${counts([
            [updates.kept, 'kept'],
            [updates.there, 'was here before', 'were here before'],
            [updates.duplicates, 'stored more than once'],
          ])}`,
        ]),
    ...(rows.found === 0
      ? []
      : [
          `Rows        ${number.format(rows.found)}: ${counts([
            [rows.known, 'known from its update', 'known from their updates'],
            [
              rows.rebuilt,
              'rebuilt, as its raw object is gone',
              'rebuilt, as their raw objects are gone',
            ],
            [rows.there, 'rebuilt before'],
            [rows.duplicates, 'written more than once'],
            [rows.useless, 'that names no message', 'that name no message'],
          ])}`,
        ]),
    ...(otherTables === 0
      ? []
      : [`Others      ${amount(otherTables, 'Parquet file')} of another table, left`]),
    ...(unreadable.length === 0
      ? []
      : [
          `Unreadable  ${number.format(unreadable.length)}, kept under rejected/ with the reason:`,
          ...unreadable
            .slice(0, NAMED)
            .map(
              ({ key, line, reason }) =>
                `            ${key}${line === null ? '' : ` line ${line + 1}`}: ${reason}`,
            ),
          ...(unreadable.length > NAMED ? ['            …'] : []),
        ]),
  ];
}

async function runEtl(
  context: CommandContext,
  lake: Lake,
  days: readonly string[],
): Promise<DaysRun> {
  const { output, config, signal } = context;
  return runDays(lake, days, {
    now: context.now(),
    rawRetentionDays: config.rawRetentionDays,
    updatesPerShard: config.updatesPerShard,
    signal,
    onProgress: (progress) => {
      if (progress.done % 1_000 === 0) output.progress(progressLine(progress));
    },
  });
}

/** The runs as lines of text: each day that was written or needs a look, then the sum. */
function runLines({ runs }: DaysRun, output: Output): string[] {
  const telling = runs.filter(({ status }) => status !== 'unchanged');
  const shown = telling.filter(({ status }) => status === 'kept' || telling.length <= SHOWN_DAYS);
  const of = (status: string) => runs.filter((run) => run.status === status).length;
  return [
    ...shown.map((run) => runLine(run, output)),
    `Tables      ${counts([
      [of('written'), 'day written', 'days written'],
      [of('unchanged'), 'day as it was', 'days as they were'],
      [of('kept'), 'day left alone', 'days left alone'],
      [of('empty'), 'day empty', 'days empty'],
    ])}`,
  ];
}

/** `chatbot import course`: brings in what a course's pipelines left. */
export async function importFromCourse(
  context: CommandContext,
  place: string,
  options: ImportOptions,
): Promise<void> {
  const { output, signal } = context;
  const { json = false, enriched } = options;
  if (options.lake === 'sample') {
    throw new UsageError(
      'The sample lake is made anew each day: import into your own (--lake own), or another one.',
    );
  }
  const say = (lines: readonly string[]): void => {
    if (!json) for (const line of lines) output.print(line);
  };
  const places = enriched === undefined ? [place] : [place, enriched];
  const { survey, lake, result } = await withSources(context, places, async (sources) => {
    const found = await surveyCourse(sources, signal);
    say(surveyLines(found));
    const target = await openCommandLake(context, options.lake, { make: true });
    const imported = await importCourse(target, found, {
      signal,
      onProgress: ({ day, done }) => {
        output.progress(`${day}: ${number.format(done)} read`);
      },
    });
    return { survey: found, lake: target, result: imported };
  });
  say(importLines(result));

  const run = options.etl ? await runEtl(context, lake, result.days) : { runs: [], failures: [] };
  if (options.etl) say(runLines(run, output));
  else if (result.days.length > 0) {
    const [from, to] = [result.days[0] ?? '', result.days.at(-1) ?? ''];
    output.note(
      `The tables do not have it yet: chatbot etl --from ${from} --to ${to}${options.lake === 'own' ? '' : ` --lake ${options.lake}`}`,
    );
  }
  const failures = run.failures.map(({ day, error }) => ({ day, error: error.message }));
  if (json) {
    const { rawObjects, parquetFiles, otherObjects, missingDays } = survey;
    const found = { days: survey.days.length, rawObjects, parquetFiles, otherObjects, missingDays };
    output.print(JSON.stringify({ found, ...result, runs: run.runs, failures }));
  }
  for (const { day, error } of failures) output.note(`${day}: ${error}`);
  if (failures.length > 0) {
    throw new PartialFailure(
      `The tables of ${failures.length} of ${result.days.length} days were not written. Import again: what is here stays.`,
    );
  }
}
