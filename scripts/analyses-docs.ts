/**
 * Fills the generated blocks of docs/analyses.md and sql/README.md:
 * `npx tsx scripts/analyses-docs.ts`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

import { AWKWARD_PERIOD, makeAwkwardLake } from '../__tests__/support/awkwardLake.ts';
import { loadAnalyses } from '../src/analytics/analyses.ts';
import type { Analysis } from '../src/analytics/analyses.ts';
import * as allowed from '../src/analytics/athena/allowed.ts';
import { MACRO_NAMES } from '../src/analytics/athena/macros.ts';
import { openAnalytics } from '../src/analytics/duckdb.ts';
import type { Engine } from '../src/analytics/engine.ts';
import type { ResultValue } from '../src/analytics/result.ts';
import { createBot } from '../src/bot/bot.ts';
import { loadKnowledge } from '../src/bot/knowledge.ts';
import { createNgramMatcher } from '../src/bot/ngramMatcher.ts';
import { FolderStore } from '../src/lake/folderStore.ts';
import { makeSampleLake } from '../src/local/sample/sampleLake.ts';
import { markdownTable, writeBlocks } from './markdown.ts';

/** The page with the comparisons. */
export const ANALYSES_PAGE = 'docs/analyses.md';

/** The page with the results. */
export const SQL_PAGE = 'sql/README.md';

/** The sample that the pages show. */
const SAMPLE = { today: '2026-11-22', seed: 1, now: Date.parse('2026-11-22T21:00:00Z') };

/** The analyses that the course has: they come first. */
const FIRST = 4;

/** Parts of the pages, in their order. */
const SECTIONS: readonly (readonly [Analysis['section'], string])[] = [
  ['activity', 'Activity'],
  ['people', 'People'],
  ['questions', 'Questions'],
  ['bot', 'The bot'],
  ['quality', 'Data quality'],
];

/** Rows of a result that a page shows. */
const SHOWN = 5;

/**
 * The course's table: what its ETL would have stored had it lost nothing, that is `message` updates,
 * filed by a clock at UTC-3.
 */
const COURSE_TABLE = `WITH course AS (
  SELECT *, date(date_add('hour', -3, from_unixtime("date"))) AS course_date
  FROM telegram
  WHERE update_type = 'message'
)`;

type Row = readonly ResultValue[];

/** A comparison of the course's query with ours; the last column is the number. */
interface Comparison {
  /** What is counted, above the first column. */
  readonly head: string;
  readonly theirs: string;
  readonly ours: string;
  /** What a row counts: rows of one key are compared. */
  readonly key: (row: Row) => string;
  /** A row's number as the table shows it. */
  readonly show: (row: Row) => string;
  /** Reasons by key; a difference that nobody has explained is an error. */
  readonly why: Readonly<Record<string, string>>;
}

const perUser = {
  head: 'Day and user',
  key: ([day, user]: Row) => `${day ?? ''}, ${user ?? 'no user'}`,
  show: ([, , name, number]: Row) => `${name ?? 'no name'}: ${number ?? 'none'}`,
};

const plain = {
  key: ([key]: Row) => String(key),
  show: (row: Row) => String(row.at(-1)),
};

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  messages_per_day: {
    ...plain,
    head: 'Day',
    theirs: 'SELECT course_date, count(1) FROM course GROUP BY 1 ORDER BY 1',
    ours: 'SELECT context_date, count(*) FROM messages GROUP BY 1 ORDER BY 1',
    why: {
      '2020-12-30': 'Somebody joined, and a bot wrote: no messages of people.',
      '2020-12-31': 'A channel’s post is a message, too.',
      '2021-01-04': 'So is a message to a business account.',
    },
  },
  messages_per_user_per_day: {
    ...perUser,
    theirs: `SELECT course_date, user_id, user_first_name, count(1) FROM course
      GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    ours: `SELECT context_date, user_id, max_by(user_first_name, update_id), count(*) FROM messages
      GROUP BY 1, 2 ORDER BY 1, 2`,
    why: {
      '2020-12-30, 203': 'To join is no message.',
      '2020-12-30, 900': 'A bot is no user.',
      '2020-12-31, no user':
        'An anonymous administrator and a channel speak as a chat. (In the course’s table all ' +
        'anonymous administrators are one user named Group, and posts of channels are lost.)',
      '2021-01-01, 4503599627370490': 'The user changed name, and is still one user.',
      '2021-01-04, 202': 'A message to a business account.',
    },
  },
  message_length_per_user_per_day: {
    ...perUser,
    theirs: `SELECT course_date, user_id, user_first_name, CAST(round(avg(length(text))) AS INTEGER)
      FROM course GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    ours: `SELECT context_date, user_id, max_by(user_first_name, update_id),
      CAST(round(avg(text_length)) AS INTEGER) FROM messages GROUP BY 1, 2 ORDER BY 1, 2`,
    why: {
      '2020-12-30, 900': 'A bot is no user.',
      '2020-12-31, 202': 'The caption of an album counts.',
      '2020-12-31, 4503599627370490': 'The caption of a photo counts.',
      '2021-01-01, 4503599627370490': 'One user, not two.',
      '2021-01-04, 202': 'A message to a business account.',
    },
  },
  hours: {
    ...plain,
    head: 'Hour',
    theirs: `SELECT extract(hour FROM from_unixtime("date")), count(1) FROM course
      WHERE course_date = DATE '2021-01-01' GROUP BY 1 ORDER BY 1`,
    ours: `SELECT hour(local_time), count(*) FROM messages
      WHERE context_date = DATE '2021-01-01' GROUP BY 1 ORDER BY 1`,
    why: {
      '2': 'Two messages of Friday evening in São Paulo: to the course they came at two in the morning …',
      '23': '… of Saturday, though it files them under Friday. Here they came on Friday, at 23:30 and 23:40.',
    },
  },
  weeks: {
    ...plain,
    head: 'Week',
    theirs: `SELECT extract(week FROM from_unixtime("date")), count(1) FROM course
      WHERE extract(week FROM from_unixtime("date")) = 1 GROUP BY 1`,
    ours: `SELECT week(local_time), year_of_week(local_time), count(*) FROM messages
      WHERE week(local_time) = 1 GROUP BY 1, 2 ORDER BY 1, 2`,
    why: {
      '1': 'Week 1 of 2020 and week 1 of 2021 are two weeks (a business message counts in the second).',
    },
  },
};

/** The course's numbers beside ours, where they differ. @throws Error when nobody has said why */
async function comparisonTable(analytics: Engine, comparison: Comparison): Promise<string> {
  const { head, key, show, why } = comparison;
  const [theirs, ours] = await Promise.all([
    analytics.run(`${COURSE_TABLE} ${comparison.theirs}`),
    analytics.run(comparison.ours),
  ]);
  const keys = [...new Set([...theirs.rows, ...ours.rows].map(key))].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true }),
  );
  const rows = keys.flatMap((wanted) => {
    const [left, right] = [theirs.rows, ours.rows].map((all) =>
      all.filter((row) => key(row) === wanted),
    );
    const numbers = (of: readonly Row[] = []): string => of.map((row) => row.at(-1)).join();
    if (numbers(left) === numbers(right)) return [];
    const reason = why[wanted];
    if (reason === undefined) throw new Error(`Nobody has said why "${wanted}" differs.`);
    const cell = (of: readonly Row[] = []): string => of.map(show).join('; ') || '–';
    return [[wanted, cell(left), cell(right), reason]];
  });
  return markdownTable([head, 'The course', 'Here', 'Why'], rows);
}

/** The blocks of docs/analyses.md that come from the test data and the code. */
export async function comparisonBlocks(folder: string): Promise<Record<string, string>> {
  await makeAwkwardLake(folder);
  const analytics = await openAnalytics({ enrichedFolder: `${folder}/enriched`, sqlFolder: 'sql' });
  try {
    const blocks: Record<string, string> = {
      allowed: allowedTable(),
      catalogue: await catalogueBlock(),
    };
    for (const [name, comparison] of Object.entries(COMPARISONS)) {
      blocks[`course ${name}`] = await comparisonTable(analytics, comparison);
    }
    for (const name of ['messages_per_day', 'messages_per_user_per_day'] as const) {
      // The comparison asks in its own words; that it asks the same as the file is held here.
      const { rows } = await analytics.runAnalysis(name, { period: AWKWARD_PERIOD });
      const total = (await analytics.run('SELECT count(*) FROM messages')).rows[0]?.[0];
      const counted = rows.reduce((sum, row) => sum + Number(row.at(-1)), 0);
      if (counted !== total) throw new Error(`${name} counts ${counted} of ${String(total)}.`);
    }
    return blocks;
  } finally {
    analytics.close();
  }
}

function allowedTable(): string {
  const macros = [...MACRO_NAMES].filter((name) => name !== 'date_part');
  const functions = [...allowed.SHARED_FUNCTIONS, ...macros, 'coalesce', 'if'];
  const code = (names: Iterable<string>): string =>
    [...names]
      .sort()
      .map((name) => `\`${name}\``)
      .join(', ');
  return markdownTable(
    ['What', 'Which'],
    [
      ['Functions', code(functions)],
      ['Aggregates', code([...allowed.AGGREGATES].filter((name) => name !== 'count_star'))],
      ['Before OVER', `the aggregates, and ${code(allowed.WINDOW_FUNCTIONS)}`],
      ['`extract(… FROM …)`', code(allowed.FIELDS)],
      ['Units of `date_add`, `date_diff`, `date_trunc`', code(allowed.UNITS)],
      ['`CAST(… AS …)`', code(allowed.CASTS)],
      ['Letters of `date_format`, after %', `\`${allowed.FORMAT_LETTERS}\``],
    ],
  );
}

/** The sample lake that the pages show: that of `npm start`, on a clock that stands still. */
async function makeShownLake(folder: string): Promise<void> {
  const knowledge = await loadKnowledge('knowledge');
  const bot = createBot({
    ...{ knowledge, matcher: createNgramMatcher(knowledge), language: 'pt', floodPerMinute: 20 },
    ...{ identity: { id: 990_000_000_000, username: 'folha_e_barro_bot' }, rawRetentionDays: null },
    // How long answers take on this machine is of no matter, and another number each time.
    clock: () => 0,
  });
  const lake = {
    raw: new FolderStore(`${folder}/raw`),
    enriched: new FolderStore(`${folder}/enriched`),
    zone: 'America/Sao_Paulo',
  };
  await makeSampleLake(lake, { bot, ...SAMPLE });
}

/** The blocks of sql/README.md: each analysis, with its first rows over the sample lake. */
export async function sampleBlocks(folder: string): Promise<Record<string, string>> {
  await makeShownLake(folder);
  const analytics = await openAnalytics({ enrichedFolder: `${folder}/enriched`, sqlFolder: 'sql' });
  const period = { from: '2026-09-24', to: SAMPLE.today };
  try {
    const texts = new Map<Analysis, string>();
    for (const analysis of analytics.analyses) {
      const { name, title, question } = analysis;
      const { columns, rows } = await analytics.runAnalysis(name, { period });
      const units = analysis.columns.map(({ unit }) => unit);
      const shown = rows
        .slice(0, SHOWN)
        .map((row) => row.map((value, index) => shownValue(value, units[index] ?? null)));
      const rest = rows.length - SHOWN;
      const more = rest > 0 ? `\n\n… ${rest} more ${rest === 1 ? 'row' : 'rows'}` : '';
      texts.set(
        analysis,
        `${title.en}\n\n${question.en} [${name}.sql](${name}.sql)\n\n` +
          `${markdownTable(columns, shown)}${more}`,
      );
    }
    const first = analytics.analyses.slice(0, FIRST);
    const sections = SECTIONS.map(([section, heading]) => {
      const own = analytics.analyses.filter(
        (analysis) => analysis.section === section && !first.includes(analysis),
      );
      const text = own.map((analysis) => `### ${texts.get(analysis) ?? ''}`).join('\n\n');
      return `## ${heading}\n\n${text}`;
    });
    return {
      first: first.map((analysis) => `## ${texts.get(analysis) ?? ''}`).join('\n\n'),
      sections: sections.join('\n\n'),
    };
  } finally {
    analytics.close();
  }
}

/** A value that leaves room for the others, and is the same on every machine. */
function shownValue(value: ResultValue, unit: string | null): ResultValue {
  if (unit === 'ms') return '< 1';
  if (unit === 'time' && typeof value === 'string')
    return value.slice(0, 'YYYY-MM-DDTHH:MM'.length);
  return typeof value === 'number' ? Math.round(value * 1e4) / 1e4 : value;
}

/** The analyses with their questions, columns and units, by section. */
async function catalogueBlock(): Promise<string> {
  const analyses = await loadAnalyses('sql');
  const parts = SECTIONS.map(([section, heading]) => {
    const rows = analyses
      .filter((analysis) => analysis.section === section)
      .map(({ name, question, columns, filters }) => [
        `[${name}](../sql/${name}.sql)`,
        question.en,
        columns
          .map((column) => `\`${column.name}\`${column.unit === null ? '' : ` (${column.unit})`}`)
          .join(', '),
        ['days', ...filters].join(', '),
      ]);
    return `### ${heading}\n\n${markdownTable(['Analysis', 'Question', 'Columns', 'Narrowed by'], rows)}`;
  });
  return parts.join('\n\n');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const folder = await mkdtemp(join(tmpdir(), 'chatbot-'));
  try {
    const sample = await sampleBlocks(`${folder}/sample`);
    await writeBlocks(SQL_PAGE, sample);
    await writeBlocks(ANALYSES_PAGE, await comparisonBlocks(`${folder}/awkward`));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
