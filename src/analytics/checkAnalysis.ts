import type { Analysis } from './analyses.ts';
import { DialectError, QueryError } from './athena/dialect.ts';
import type { Engine } from './engine.ts';
import { HeaderError, lineInHeader } from './header.ts';
import type { QueryResult, ResultValue } from './result.ts';
import { rowsBehindQuery, rowsSource } from './rowsBehind.ts';
import { checkTotalOrder } from './totalOrder.ts';

/** Some value of each type, to try expressions with. */
const SAMPLES: Readonly<Record<string, ResultValue>> = {
  bigint: 1,
  boolean: true,
  date: '2026-01-01',
  double: 0.5,
  integer: 1,
  timestamp: '2026-01-01T12:00:00',
  varchar: 'a',
};

/**
 * Runs an analysis and each of the expressions that its header gives for the rows behind it, and
 * compares the columns it has with those that it declares. Any lake will do, an empty one is quick.
 *
 * @throws HeaderError naming file, line and, in the query, column
 */
export async function checkAnalysis(engine: Engine, analysis: Analysis): Promise<void> {
  const { sql } = analysis;
  const file = `${analysis.name}.sql`;
  compareColumns(file, analysis, await attempt(sql, (place) => `${file}${place}`));
  for (const { path, part } of partsOf(analysis)) {
    const samples = Object.fromEntries(
      analysis.columns.map(({ name, type }) => [name, SAMPLES[type] ?? null]),
    );
    const where = `${file}:${lineInHeader(sql, path)}: ${path.join('.')}`;
    await attempt(rowsBehindQuery(part, {}, samples, 1), () => where);
  }
  await checkTypes();
  checkTotalOrder(analysis);

  /** Athena compares no text with a number, which DuckDB does. */
  async function checkTypes(): Promise<void> {
    const { rows } = analysis;
    for (const { name, type } of analysis.columns) {
      const expression = rows?.by[name];
      if (rows === undefined || expression === undefined || expression.includes('$value')) continue;
      const where = `${file}:${lineInHeader(sql, ['rows', 'by', name])}: rows.by.${name}`;
      const query = `SELECT ${expression} FROM ${rowsSource(rows.of, rows)} LIMIT 1`;
      const [given = ''] = (await attempt(query, () => where)).types;
      if (given.replace('integer', 'bigint') !== type.replace('integer', 'bigint')) {
        throw new HeaderError(`${where} is ${given}, and the column is ${type}; make it that.`);
      }
    }
  }

  /** @param at says where a mistake is, given `:line:column` in the query or nothing */
  async function attempt(query: string, at: (place: string) => string): Promise<QueryResult> {
    try {
      return await engine.run(query);
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      const [, line, column, reason] =
        /^line (\d+), column (\d+): ([^]*)$/.exec(error.message) ?? [];
      const place = line === undefined ? '' : `:${line}:${column ?? ''}`;
      const remedy = error instanceof DialectError ? '' : '; correct the query, or the header';
      const what = (reason ?? error.message).replace(/\.$/, '');
      throw new HeaderError(`${at(place)}: ${what}${remedy}.`, { cause: error });
    }
  }
}

/** @throws HeaderError naming the line of the first column that is not as declared */
function compareColumns(file: string, { sql, columns }: Analysis, result: QueryResult): void {
  const length = Math.max(columns.length, result.columns.length);
  for (let index = 0; index < length; index++) {
    const declared = columns[index];
    const [name, type] = [result.columns[index], result.types[index]];
    const where = `${file}:${lineInHeader(sql, ['columns', index])}: columns.${index}`;
    if (declared === undefined) {
      throw new HeaderError(`${where} is missing: the query gives "${name ?? ''}" there; add it.`);
    }
    if (declared.name !== name) {
      const given = name === undefined ? 'gives no column there' : `gives "${name}" there`;
      throw new HeaderError(
        `${where} is "${declared.name}", and the query ${given}; declare the columns as it has them.`,
      );
    }
    if (declared.type !== type) {
      throw new HeaderError(
        `${where} ("${name}") is declared ${declared.type}, and the query gives ${type ?? ''}; ` +
          'declare that.',
      );
    }
  }
}

/** The analysis with one expression of its `rows` at a time. */
function* partsOf(
  analysis: Analysis,
): Generator<{ readonly path: readonly string[]; readonly part: Analysis }> {
  const { rows } = analysis;
  if (rows === undefined) return;
  const bare = { of: rows.of, ...(rows.join === undefined ? {} : { join: rows.join }), by: {} };
  if (rows.where !== undefined) {
    yield { path: ['rows', 'where'], part: { ...analysis, rows: { ...bare, where: rows.where } } };
  }
  for (const [column, expression] of Object.entries(rows.by)) {
    yield {
      path: ['rows', 'by', column],
      part: { ...analysis, rows: { ...bare, by: { [column]: expression } } },
    };
  }
  for (const [column, { of = rows.of, where, by }] of Object.entries(rows.numbers ?? {})) {
    const used = Object.entries(rows.by).filter(([name]) => by?.includes(name) ?? true);
    const part = {
      ...bare,
      ...{ of, by: Object.fromEntries(used) },
      ...(where === undefined ? {} : { where }),
    };
    yield { path: ['rows', 'numbers', column], part: { ...analysis, rows: part } };
  }
}
