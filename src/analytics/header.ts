import { isNode, LineCounter, parseDocument } from 'yaml';
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

const column = z.strictObject(
  {
    name: identifier,
    /** Athena's name of the type. */
    type: z.enum(['bigint', 'boolean', 'date', 'double', 'integer', 'timestamp', 'varchar'], {
      error: 'is no type of Athena that the page can show; use bigint, date, varchar, …',
    }),
    title: bilingual,
    unit: z.string({ error: 'is no unit; write null where there is none' }).nullable(),
  },
  { error: `is not a column with name, type, unit and title; ${remedy}` },
);

const headerSchema = z
  .strictObject(
    {
      title: bilingual,
      question: bilingual,
      /** Place in lists; files without one follow by name. */
      order: z.int({ error: 'is no whole number; write 1, 2, …' }).min(1).optional(),
      /** Whose days and hours these are: the lake's own zone, or UTC. */
      time_zone: z.enum(['lake', 'UTC'], { error: 'is neither "lake" nor "UTC"' }),
      columns: z.array(column, { error: `is no list of columns; ${remedy}` }).min(1),
      chart: z.strictObject(
        {
          kind: z.enum(['bar', 'heatmap', 'line', 'stacked-bar'], {
            error: 'is no chart; use bar, heatmap, line or stacked-bar',
          }),
          x: identifier,
          y: identifier,
          series: identifier.optional(),
        },
        { error: `is not a chart with kind, x and y; ${remedy}` },
      ),
    },
    { error: `is not a header with title, question, time_zone, columns and chart; ${remedy}` },
  )
  .superRefine((header, context) => {
    const names = new Set(header.columns.map(({ name }) => name));
    for (const axis of ['x', 'y', 'series'] as const) {
      const name = header.chart[axis];
      if (name !== undefined && !names.has(name)) {
        context.addIssue({
          code: 'custom',
          path: ['chart', axis],
          message: `names "${name}", which is not among the columns; name one of them`,
        });
      }
    }
  });

/** What the header of an analysis declares: the only place where these facts stand. */
export type Header = z.infer<typeof headerSchema>;

/**
 * Reads the header of an analysis: the YAML in the `--` lines that the file opens with.
 *
 * @param file name for error messages
 * @throws HeaderError naming file and line, when there is none or something is wrong with it
 */
export function parseHeader(file: string, sql: string): Header {
  const lines = sql.split(/\r?\n/);
  const end = lines.findIndex((line) => !line.startsWith('--'));
  const header = lines.slice(0, end === -1 ? lines.length : end);
  if (header.length === 0) {
    throw new HeaderError(`${file}:1: there is no header; open the file with one, ${remedy}.`);
  }
  // Line by line, so that a line of the YAML is the same line of the file.
  const lineCounter = new LineCounter();
  const yaml = header.map((line) => line.replace(/^-- ?/, '')).join('\n');
  const document = parseDocument(yaml, { lineCounter });
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
  throw new HeaderError(`${file}:${lineOf(issue.path)}: ${where} ${what}.`);

  /** Line of what a path leads to, or of the nearest part above it that is there. */
  function lineOf(path: readonly PropertyKey[]): number {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return lineCounter.linePos(node.range[0]).line;
    }
    return 1;
  }
}

function unknownKeys(keys: readonly string[]): string {
  return `has "${keys.join('", "')}", which nothing reads; remove it, or correct its spelling`;
}
