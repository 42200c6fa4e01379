import { setTimeout as sleep } from 'node:timers/promises';

import * as z from 'zod';

import type { QueryResult, ResultValue } from '../src/analytics/result.ts';

const pageSchema = z.object({
  nextUri: z.string().optional(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })).optional(),
  data: z.array(z.array(z.unknown())).optional(),
  stats: z.object({ physicalInputBytes: z.number().default(0) }),
  error: z
    .object({
      message: z.string(),
      errorName: z.string(),
      errorLocation: z.object({ lineNumber: z.number(), columnNumber: z.number() }).optional(),
    })
    .optional(),
});

/** A server that has just started does not know itself as a node that works yet. */
const NO_NODES = 'NO_NODES_AVAILABLE';
/** How long such a server is given, milliseconds. */
const NO_NODES_TIMEOUT = 30_000;

/** Trino refused a statement or could not finish it. */
export class TrinoError extends Error {
  override readonly name = 'TrinoError';
  /** For instance `SYNTAX_ERROR`. */
  readonly code: string;
  /** Where in the statement, both from 1; null where Trino does not say. */
  readonly location: { readonly line: number; readonly column: number } | null;

  constructor({
    message,
    errorName,
    errorLocation,
  }: NonNullable<z.infer<typeof pageSchema>['error']>) {
    super(`${errorName}: ${message}`);
    this.code = errorName;
    this.location = errorLocation
      ? { line: errorLocation.lineNumber, column: errorLocation.columnNumber }
      : null;
  }
}

/** A type without its length and precision, in Athena's words: `varchar(3)` is `varchar`. */
function typeName(type: string): string {
  return type.replace(/\(\d+\)/, '');
}

/** A value as `QueryResult` has it; JSON of Trino holds times as texts, and what is no number, too. */
function resultValue(value: unknown, type: string): ResultValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value !== 'string') return JSON.stringify(value);
  // As DuckDB's are shown: without a fraction when it is zero.
  return type === 'timestamp' ? value.replace(' ', 'T').replace(/\.0+$/, '') : value;
}

/**
 * A client of Trino's HTTP protocol ("Client protocol" in its documentation): a statement is posted
 * and the answer followed from page to page.
 */
export class TrinoClient {
  readonly #endpoint: string;
  readonly #catalog: string;
  readonly #headers: Readonly<Record<string, string>>;

  /** @param endpoint for instance `http://127.0.0.1:8080` */
  constructor(endpoint: string, catalog: string, schema: string) {
    this.#endpoint = endpoint;
    this.#catalog = catalog;
    this.#headers = {
      'X-Trino-User': 'test',
      'X-Trino-Catalog': catalog,
      'X-Trino-Schema': schema,
      'X-Trino-Time-Zone': 'UTC',
    };
  }

  /** A client of the same server that asks another schema. */
  inSchema(schema: string): TrinoClient {
    return new TrinoClient(this.#endpoint, this.#catalog, schema);
  }

  async #page(url: string, statement?: string): Promise<z.infer<typeof pageSchema>> {
    for (;;) {
      const response = await fetch(url, {
        method: statement === undefined ? 'GET' : 'POST',
        headers: this.#headers,
        ...(statement !== undefined && { body: statement }),
      });
      if (response.ok) return pageSchema.parse(await response.json());
      // It asks to come again.
      if (![429, 502, 503, 504].includes(response.status)) {
        throw new Error(`Trino answered ${response.status}: ${await response.text()}`);
      }
      await sleep(100);
    }
  }

  /**
   * Runs one statement and waits for all of its rows.
   *
   * @throws TrinoError with line and column
   */
  async run(statement: string): Promise<QueryResult & { readonly bytesRead: number }> {
    const started = performance.now();
    let rows: unknown[][] = [];
    let columns: { name: string; type: string }[] = [];
    let page = await this.#page(`${this.#endpoint}/v1/statement`, statement);
    for (;;) {
      if (page.error) {
        const isEarly = performance.now() - started < NO_NODES_TIMEOUT;
        if (page.error.errorName !== NO_NODES || !isEarly) throw new TrinoError(page.error);
        await sleep(200);
        rows = [];
        page = await this.#page(`${this.#endpoint}/v1/statement`, statement);
        continue;
      }
      columns = page.columns ?? columns;
      rows.push(...(page.data ?? []));
      if (page.nextUri === undefined) break;
      page = await this.#page(page.nextUri);
    }
    const types = columns.map(({ type }) => typeName(type));
    return {
      columns: columns.map(({ name }) => name),
      types,
      rows: rows.map((row) => row.map((value, index) => resultValue(value, types[index] ?? ''))),
      ms: performance.now() - started,
      bytesRead: page.stats.physicalInputBytes,
    };
  }
}
