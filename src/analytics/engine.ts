import type { Analysis } from './analyses.ts';
import type { QueryResult } from './result.ts';
import type { Scope } from './scope.ts';

/** How far a query is that takes its time. */
export interface Progress {
  /** `reading` while its rows are fetched. */
  readonly state: 'queued' | 'running' | 'reading';
  /** Since the query was handed over, milliseconds. */
  readonly ms: number;
  /** What it has read so far, where the engine tells. */
  readonly bytesScanned?: number;
  /** Rows fetched so far. */
  readonly rows?: number;
}

/** How a query is run. */
export interface RunOptions {
  /** Interrupts the query; `run` then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called now and then while the query runs; never by an engine that answers at once. */
  readonly onProgress?: (progress: Progress) => void;
  /** Rows to give at most; the result says whether there are `more`. Without it, all. */
  readonly maxRows?: number;
}

/** A lake that can be asked, in Athena's dialect: DuckDB over a folder, or Athena itself. */
export interface Engine {
  readonly analyses: readonly Analysis[];
  /**
   * Runs one SELECT over `telegram`, `runs` and the views.
   *
   * @throws DialectError when Athena and DuckDB would not understand it alike; QueryError when it
   *   fails
   */
  run(sql: string, options?: RunOptions): Promise<QueryResult>;
  /**
   * Runs one of the analyses.
   *
   * @param scope without a period, the 90 days that the file itself asks for
   * @throws RangeError when there is no such analysis; DayError when the period is not two days in
   *   order; ScopeError when the analysis cannot be narrowed like that
   */
  runAnalysis(name: string, scope?: Scope, options?: RunOptions): Promise<QueryResult>;
  close(): void;
}
