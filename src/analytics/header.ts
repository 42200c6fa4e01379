import { isNode, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import * as z from 'zod';

/** A mistake in one of the files of `sql/`: says file, line and what to do. */
export class HeaderError extends Error {
  override readonly name = 'HeaderError';
}

const remedy = 'see sql/README.md for a header that is complete';

const identifier = z
  .string({ error: `is not the name of a column; ${remedy}` })
  .regex(/^[a-z][a-z0-9_]*$/, 'is not a column name; write it in lower case, as the query does');

const bilingual = z.strictObject(
  {
    en: z.string({ error: 'has no English text; write it after "en:"' }).min(1),
    pt: z.string({ error: 'has no Portuguese text; write it after "pt:"' }).min(1),
  },
  { error: 'is not a text in two languages; write it after "en:" and "pt:"' },
);

/** Words that say how a number is to be read, and so how it is shown. */
const UNITS = [
  // What is counted
  ...['answers', 'campaigns', 'changes', 'days', 'messages', 'questions', 'reactions', 'sessions'],
  ...['taps', 'updates', 'users', 'weeks'],
  // What is measured; a share is 0 to 1
  ...['characters', 'ms', 'seconds', 'share'],
  // Places in the calendar: a date, the first day of a week or a month, ISO's year and week,
  // weekday 1 Monday to 7 Sunday, hour 0 to 23, a moment
  ...['day', 'week', 'month', 'iso_year', 'iso_week', 'weekday', 'hour', 'time'],
  // Codes that have names: of the Bot API, and of languages
  ...['chat_type', 'content_type', 'language'],
] as const;

const column = z.strictObject(
  {
    name: identifier,
    /** Athena's name of the type. */
    type: z.enum(['bigint', 'boolean', 'date', 'double', 'integer', 'timestamp', 'varchar'], {
      error: 'is no type of Athena that the page can show; use bigint, date, varchar, …',
    }),
    title: bilingual,
    unit: z
      .enum(UNITS, { error: `is no unit; use one of ${UNITS.join(', ')}, or null for none` })
      .nullable(),
  },
  { error: `is not a column with name, type, unit and title; ${remedy}` },
);

/** Tables and views whose rows can stand behind a number. */
const sources = z.enum(['messages', 'runs', 'sessions', 'telegram'], {
  error: 'is nothing that rows are shown of; use messages, telegram, runs or sessions',
});

const condition = z.string({ error: 'is no SQL; write an expression in quotes' }).min(1);

const rowsSchema = z.strictObject(
  {
    /** Whose rows they are. */
    of: sources,
    /** Which of them are counted; without it all. */
    where: condition.optional(),
    /** Joins the view `users` by user_id, so that `by` may use first_seen and last_seen. */
    join: z.literal('users', { error: 'can only be "users"' }).optional(),
    /**
     * For a column of the result, what a row of the source has in its place: an expression that
     * equals the value, or a condition in which `$value` stands for it.
     */
    by: z.record(z.string(), condition, {
      error: 'is not a list of columns with an expression each',
    }),
    /** For a number that counts other rows than its neighbours, which ones. */
    numbers: z
      .record(
        z.string(),
        z.strictObject(
          {
            of: sources.optional(),
            where: condition.optional(),
            /** The columns of `by` that narrow these rows; without it all of them. */
            by: z.array(identifier).optional(),
          },
          { error: 'is not an object with "of", "where" or "by"' },
        ),
        { error: 'is not a list of columns with "of", "where" or "by" each' },
      )
      .optional(),
  },
  { error: `is not a way to the rows behind, with "of" and "by"; ${remedy}` },
);

/** Kinds of chart, with what each needs of x, y and series. */
const CHARTS = {
  bar: ['x', 'y'],
  'stacked-bar': ['x', 'y'],
  line: ['x', 'y'],
  heatmap: ['x', 'y', 'series'],
  /** Bars from left to right, one a row: x labels it, y is its length. */
  ranking: ['x', 'y'],
  /** One row of numbers. */
  tiles: ['y'],
  /** No drawing, only the rows. */
  table: [],
} as const;

const headerSchema = z
  .strictObject(
    {
      title: bilingual,
      question: bilingual,
      /** Place in lists; files without one follow by name. */
      order: z.int({ error: 'is no whole number; write 1, 2, …' }).min(1).optional(),
      /** Part of the dashboard and of the report. */
      section: z.enum(['activity', 'people', 'questions', 'bot', 'quality'], {
        error: 'is no section; use activity, people, questions, bot or quality',
      }),
      /** Whose days and hours these are: the lake's own zone, or UTC. */
      time_zone: z.enum(['lake', 'UTC'], { error: 'is neither "lake" nor "UTC"' }),
      columns: z.array(column, { error: `is no list of columns; ${remedy}` }).min(1),
      chart: z.strictObject(
        {
          kind: z.enum(
            ['bar', 'stacked-bar', 'line', 'heatmap', 'ranking', 'tiles', 'table'] as const,
            { error: `is no chart; use ${Object.keys(CHARTS).join(', ')}` },
          ),
          x: identifier.optional(),
          y: z
            .union([identifier, z.array(identifier).min(1)], {
              error: 'is neither the name of a column nor a list of them; write one, or [one, two]',
            })
            .optional(),
          series: identifier.optional(),
        },
        { error: `is not a chart with its kind; ${remedy}` },
      ),
      rows: rowsSchema.optional(),
    },
    {
      error: `is not a header with title, question, section, time_zone, columns and chart; ${remedy}`,
    },
  )
  .superRefine((header, context) => {
    const complain = (path: string[], message: string): void => {
      context.addIssue({ code: 'custom', path, message });
    };
    const names = new Set(header.columns.map(({ name }) => name));
    if (names.size < header.columns.length) {
      complain(['columns'], 'have a name twice; name each column once');
    }
    const { chart, rows } = header;
    for (const axis of ['x', 'y', 'series'] as const) {
      const named = [chart[axis] ?? []].flat();
      for (const name of named.filter((one) => !names.has(one))) {
        complain(
          ['chart', axis],
          `names "${name}", which is not among the columns; name one of them`,
        );
      }
      const isNeeded = (CHARTS[chart.kind] as readonly string[]).includes(axis);
      if (isNeeded && named.length === 0) {
        complain(['chart'], `has no ${axis}, which a chart of kind "${chart.kind}" needs; name it`);
      }
    }
    for (const part of ['by', 'numbers'] as const) {
      for (const name of Object.keys(rows?.[part] ?? {}).filter((one) => !names.has(one))) {
        complain(['rows', part, name], 'is not among the columns; name one of them');
      }
    }
    for (const [number, { by = [] }] of Object.entries(rows?.numbers ?? {})) {
      for (const name of by.filter((one) => !Object.hasOwn(rows?.by ?? {}, one))) {
        complain(['rows', 'numbers', number, 'by'], `names "${name}", which rows.by does not`);
      }
    }
  });

/** What the header of an analysis declares: the only place where these facts stand. */
export type Header = z.infer<typeof headerSchema>;

/** How to get from a row of a result to the rows behind it. */
export type Rows = z.infer<typeof rowsSchema>;

/**
 * Reads the header of an analysis: the YAML in the `--` lines that the file opens with.
 *
 * @param file name for error messages
 * @throws HeaderError naming file and line, when there is none or something is wrong with it
 */
export function parseHeader(file: string, sql: string): Header {
  const { document, lineCounter } = readYaml(sql);
  if (document.contents === null) {
    throw new HeaderError(`${file}:1: there is no header; open the file with one, ${remedy}.`);
  }
  const [error] = document.errors;
  if (error !== undefined) {
    const { line } = lineCounter.linePos(error.pos[0]);
    const [what] = error.message.split(/ at line \d/);
    throw new HeaderError(`${file}:${line}: the header is no YAML (${what}); mend the line.`);
  }
  const result = headerSchema.safeParse(document.toJS());
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue === undefined) throw result.error;
  const where = issue.path.length === 0 ? 'the header' : issue.path.join('.');
  const what = issue.code === 'unrecognized_keys' ? unknownKeys(issue.keys) : issue.message;
  throw new HeaderError(`${file}:${lineInHeader(sql, issue.path)}: ${where} ${what}.`);
}

/**
 * The line of a file on which a part of its header stands, from 1.
 *
 * @param path keys and places in lists, for instance `['columns', 0, 'name']`; of a part that is not
 *   there, the nearest above it counts
 */
export function lineInHeader(sql: string, path: readonly PropertyKey[]): number {
  const { document, lineCounter } = readYaml(sql);
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lineCounter.linePos(node.range[0]).line;
  }
  return 1;
}

/** The YAML of a header, line by line, so that its lines are those of the file. */
function readYaml(sql: string): { readonly document: Document; readonly lineCounter: LineCounter } {
  const lines = sql.split(/\r?\n/);
  const end = lines.findIndex((line) => !line.startsWith('--'));
  const header = lines.slice(0, end === -1 ? lines.length : end);
  const lineCounter = new LineCounter();
  const yaml = header.map((line) => line.replace(/^-- ?/, '')).join('\n');
  return { document: parseDocument(yaml, { lineCounter }), lineCounter };
}

function unknownKeys(keys: readonly string[]): string {
  return `has "${keys.join('", "')}", which nothing reads; remove it, or correct its spelling`;
}
