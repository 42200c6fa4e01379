import { setTimeout as sleep } from 'node:timers/promises';

import {
  type AthenaClient,
  GetQueryExecutionCommand,
  type GetQueryResultsCommandOutput,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';

import { explainAwsError } from '../aws/explain.ts';
import type { AthenaNames } from '../config/athenaNames.ts';
import type { Analysis } from './analyses.ts';
import { DialectError, QueryError } from './athena/dialect.ts';
import { isHeading, resultColumns, resultRows } from './athenaResult.ts';
import type { Engine, RunOptions } from './engine.ts';
import type { QueryResult, ResultValue } from './result.ts';
import { withScope } from './scope.ts';

/** Where and how Athena is asked. */
export interface AthenaOptions {
  /** Decides region, endpoint, credentials, timeouts and retries; closed with the engine. */
  readonly client: AthenaClient;
  readonly names: AthenaNames;
  /** For messages: where `client` asks. */
  readonly region: string;
  /** The files of `sql/`. */
  readonly analyses: readonly Analysis[];
  /**
   * A result of the same query that is at most this old is taken again, for nothing. 0 to 10080
   * minutes; with 0 each query is run.
   */
  readonly reuseMinutes: number;
}

/** Between two looks at a query, milliseconds: from the first on they become longer. */
const POLL: Readonly<Record<'factor' | 'first' | 'longest', number>> = {
  first: 200,
  factor: 1.5,
  longest: 5_000,
};

/** Rows of a page: the most that Athena gives. */
const PAGE_ROWS = 1_000;

/** What a text that only reads begins with, after its comments. EXPLAIN ANALYZE runs the query. */
const READS =
  /^(?:\s|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/)*(?:\(|(?:select|with|values|table)\b|explain\b(?!\s+analyze\b))/i;

/**
 * Athena in place of DuckDB. It takes all that Athena itself understands, as long as it only reads.
 * The errors of its client that somebody can mend say how.
 */
export function athenaEngine(options: AthenaOptions): Engine {
  const { client, names, region, analyses, reuseMinutes } = options;

  /** Starts a query. Not interrupted: without its id it could not be stopped. */
  async function start(sql: string): Promise<string> {
    const { QueryExecutionId: id } = await client.send(
      new StartQueryExecutionCommand({
        QueryString: sql,
        WorkGroup: names.workgroup,
        QueryExecutionContext: { Database: names.database },
        ResultReuseConfiguration: {
          ResultReuseByAgeConfiguration:
            reuseMinutes > 0
              ? { Enabled: true, MaxAgeInMinutes: reuseMinutes }
              : { Enabled: false },
        },
      }),
    );
    if (id === undefined) throw new QueryError('Athena gave the query no id; run it again.');
    return id;
  }

  /** Waits until a query has succeeded. @throws QueryError when it has not */
  async function wait(
    id: string,
    started: number,
    { signal, onProgress }: RunOptions,
  ): Promise<QueryExecution> {
    for (let pause = POLL.first; ; pause = Math.min(POLL.longest, pause * POLL.factor)) {
      const { QueryExecution: execution = {} } = await client.send(
        new GetQueryExecutionCommand({ QueryExecutionId: id }),
        { ...(signal && { abortSignal: signal }) },
      );
      const state = execution.Status?.State;
      if (state === 'SUCCEEDED') return execution;
      if (state === 'FAILED' || state === 'CANCELLED') throw failure(execution, names, region);
      const bytesScanned = execution.Statistics?.DataScannedInBytes;
      onProgress?.({
        state: state === 'RUNNING' ? 'running' : 'queued',
        ms: performance.now() - started,
        ...(bytesScanned !== undefined && { bytesScanned }),
      });
      // Some earlier, some later: those who began at once do not ask at once.
      await sleep(pause * (0.75 + Math.random() / 2), undefined, { ...(signal && { signal }) });
    }
  }

  /** Reads the rows of a query that has succeeded, page by page. */
  async function read(
    id: string,
    started: number,
    bytesScanned: number | undefined,
    { signal, onProgress, maxRows = Number.POSITIVE_INFINITY }: RunOptions,
  ): Promise<Pick<QueryResult, 'columns' | 'more' | 'rows' | 'types'>> {
    const rows: (readonly ResultValue[])[] = [];
    let named: Pick<QueryResult, 'columns' | 'types'> | undefined;
    let token: string | undefined;
    do {
      const page: GetQueryResultsCommandOutput = await client.send(
        new GetQueryResultsCommand({
          QueryExecutionId: id,
          MaxResults: PAGE_ROWS,
          ...(token !== undefined && { NextToken: token }),
        }),
        { ...(signal && { abortSignal: signal }) },
      );
      const info = page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
      const [first, ...others] = page.ResultSet?.Rows ?? [];
      const isFirstPage = named === undefined;
      named ??= resultColumns(info);
      const hasHeading = first === undefined || (isFirstPage && isHeading(first, info));
      for (const row of resultRows(hasHeading ? others : [first, ...others], named.types)) {
        rows.push(row);
      }
      token = page.NextToken;
      onProgress?.({
        state: 'reading',
        ms: performance.now() - started,
        ...(bytesScanned !== undefined && { bytesScanned }),
        rows: rows.length,
      });
    } while (token !== undefined && rows.length <= maxRows);
    return { ...named, rows: rows.slice(0, maxRows), ...(rows.length > maxRows && { more: true }) };
  }

  /** Stops a query that nobody waits for any more. @throws Error when it may go on */
  async function stop(id: string): Promise<void> {
    try {
      await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
    } catch (error) {
      const { message } = explainAwsError(error, `stop the query ${id}`, region) as Error;
      throw new QueryError(
        `Interrupted, but the query ${id} may go on in Athena and cost what it reads. ${message}`,
        { cause: error },
      );
    }
  }

  async function run(sql: string, runOptions: RunOptions = {}): Promise<QueryResult> {
    const { signal } = runOptions;
    signal?.throwIfAborted();
    if (!READS.test(sql)) {
      throw new DialectError('Only SELECT is run here; a query never changes a lake.');
    }
    const started = performance.now();
    let running: string | undefined;
    try {
      const id = await start(sql);
      running = id;
      signal?.throwIfAborted();
      const { Statistics: statistics = {} } = await wait(id, started, runOptions);
      running = undefined;
      const { DataScannedInBytes: bytesScanned, ResultReuseInformation: reuse } = statistics;
      return {
        ...(await read(id, started, bytesScanned, runOptions)),
        ms: performance.now() - started,
        ...(bytesScanned !== undefined && { bytesScanned }),
        reused: reuse?.ReusedPreviousResult === true,
      };
    } catch (error) {
      if (signal?.aborted && running !== undefined) await stop(running);
      signal?.throwIfAborted();
      throw explained(error, names, region);
    }
  }

  return {
    analyses,
    run,
    async runAnalysis(name, scope = {}, runOptions) {
      const analysis = analyses.find((candidate) => candidate.name === name);
      if (analysis === undefined) {
        const all = analyses.map((candidate) => candidate.name).join(', ');
        throw new RangeError(`There is no analysis "${name}"; there are ${all}.`);
      }
      return run(withScope(analysis, scope), runOptions);
    },
    close() {
      client.destroy();
    },
  };
}

/** Why a query did not succeed, in Athena's words, and what to do where that is known. */
function failure(execution: QueryExecution, names: AthenaNames, region: string): unknown {
  const { Status: status = {} } = execution;
  const reason = status.StateChangeReason ?? status.AthenaError?.ErrorMessage ?? 'no reason given';
  if (/not authorized to perform|access denied|insufficient permissions/i.test(reason)) {
    const refusal = {
      name: 'AccessDeniedException',
      message: `${reason} (The policy ${names.workgroup}-analyst allows what a query needs.)`,
    };
    return explainAwsError(refusal, 'run the query', region);
  }
  if (/bytes scanned limit/i.test(reason)) {
    return new QueryError(
      `Athena has cancelled the query: ${reason}. Ask for fewer days or columns, or raise the limit of the workgroup ${names.workgroup}.`,
    );
  }
  if (status.State === 'CANCELLED') {
    return new QueryError(`The query was cancelled in Athena: ${reason}.`);
  }
  return new QueryError(withPlace(reason));
}

function explained(error: unknown, { workgroup }: AthenaNames, region: string): unknown {
  if (error instanceof QueryError) return error;
  const { name, message } = error as Error;
  const meaning = explainAwsError(error, `ask Athena in the workgroup ${workgroup}`, region);
  if (meaning !== error || name !== 'InvalidRequestException') return meaning;
  // What cannot be parsed is refused at once.
  return new QueryError(withPlace(message), { cause: error });
}

/** `SYNTAX_ERROR: line 3:7: …` as all messages say it: `line 3, column 7: …`. */
function withPlace(message: string): string {
  return message.replace(/^(?:[A-Z_]+: )?line (\d+):(\d+): /, 'line $1, column $2: ');
}
