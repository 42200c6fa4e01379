/** A value that is read when it is wanted, and kept for a while. */
export interface Cached<T> {
  /** The value; read again when it is older than the time to live. */
  readonly get: () => Promise<T>;
  /**
   * Reads again because the value turned out to be old; not more often than the shortest interval,
   * so that whoever sends wrong secrets cannot make it read at every request.
   */
  readonly refresh: () => Promise<T>;
}

/** How long a value is kept, in milliseconds. */
export interface CacheTimes {
  readonly ttl: number;
  /** Between two readings that {@link Cached.refresh} asks for. */
  readonly shortest: number;
  /** A steady clock; `performance.now` unless told. */
  readonly clock?: () => number;
}

/** For what does not change once it is known. */
export const FOREVER: CacheTimes = { ttl: Infinity, shortest: 0 };

/**
 * Keeps what `read` gives. Calls at the same time share one reading; a failed one is not kept.
 */
export function cached<T>(read: () => Promise<T>, times: CacheTimes): Cached<T> {
  const { ttl, shortest, clock = () => performance.now() } = times;
  let kept: { readonly value: T; readonly at: number } | undefined;
  let reading: Promise<T> | undefined;

  const readOnce = (): Promise<T> => {
    reading ??= (async () => {
      const at = clock();
      try {
        const value = await read();
        kept = { value, at };
        return value;
      } finally {
        reading = undefined;
      }
    })();
    return reading;
  };

  const get = (): Promise<T> =>
    kept && clock() - kept.at < ttl ? Promise.resolve(kept.value) : readOnce();
  let refreshedAt = -Infinity;
  return {
    get,
    refresh: () => {
      if (clock() - refreshedAt < shortest) return get();
      refreshedAt = clock();
      return readOnce();
    },
  };
}
