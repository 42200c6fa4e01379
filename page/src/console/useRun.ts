import { useEffect, useRef, useState } from 'react';
import type { LakeId, SqlResult } from '../../../src/local/api.ts';
import { post } from '../shared/api.ts';

/** What became of the last query. */
export type Outcome =
  | { readonly state: 'cancelled' }
  | { readonly state: 'failed'; readonly error: Error }
  | { readonly state: 'done'; readonly sql: string; readonly result: SqlResult };

/** Rows that the grid is given; more are for a file. */
const MOST_ROWS = 10_000;

/** Runs one query at a time; leaving the screen interrupts it. */
export function useRun(
  lake: LakeId,
  onEnd: (sql: string, outcome: Outcome) => void,
): {
  /** When the query that runs was started, by `performance.now`; null while none runs. */
  readonly since: number | null;
  readonly outcome: Outcome | null;
  readonly run: (sql: string) => void;
  readonly cancel: () => void;
} {
  const [since, setSince] = useState<number | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(
    () => () => {
      running.current?.abort();
    },
    [],
  );

  const ask = async (sql: string): Promise<void> => {
    running.current?.abort();
    const own = new AbortController();
    running.current = own;
    setSince(performance.now());
    let ended: Outcome;
    try {
      const body = { sql, limit: MOST_ROWS };
      const result = await post<SqlResult>(`/lakes/${lake}/sql`, body, own.signal);
      ended = { state: 'done', sql, result };
    } catch (error) {
      ended = own.signal.aborted
        ? { state: 'cancelled' }
        : { state: 'failed', error: error as Error };
    }
    // Another one has taken its place.
    if (running.current !== own) return;
    running.current = null;
    setSince(null);
    setOutcome(ended);
    onEnd(sql, ended);
  };

  return {
    since,
    outcome,
    run: (sql) => void ask(sql),
    cancel: () => {
      running.current?.abort();
    },
  };
}
