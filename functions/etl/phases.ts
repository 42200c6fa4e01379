/** Where a run's time goes. */
type Phase = 'list' | 'get' | 'parse' | 'encode' | 'put';

/**
 * Milliseconds of each phase: waiting for listings, waiting for bodies, reading them into rows,
 * encoding rows, and waiting for the file to be written. What overlaps is counted once, where the run
 * stood still for it or worked on it.
 */
export type PhaseTimes = Readonly<Record<Phase, number>>;

/** Counts where a run's time goes. */
export class Phases {
  readonly #times: Record<Phase, number> = { list: 0, get: 0, parse: 0, encode: 0, put: 0 };

  /** So far, to the millisecond. */
  get times(): PhaseTimes {
    const { list, get, parse, encode, put } = this.#times;
    return {
      list: Math.round(list),
      get: Math.round(get),
      parse: Math.round(parse),
      encode: Math.round(encode),
      put: Math.round(put),
    };
  }

  /** Adds what has passed since `start`, a `performance.now()`. @returns now */
  add(phase: Phase, start: number): number {
    const now = performance.now();
    this.#times[phase] += now - start;
    return now;
  }
}
