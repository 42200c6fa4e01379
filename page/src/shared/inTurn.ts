/** How many run at a time: more would only make each other wait, and the first one on the screen, too. */
const AT_A_TIME = 2;

let running = 0;
const waiting: (() => void)[] = [];

/**
 * Runs requests in the order in which they were made, a few at a time.
 *
 * @param signal one that is given up while it waits is not begun
 */
export async function inTurn<T>(signal: AbortSignal, begin: () => Promise<T>): Promise<T> {
  if (running >= AT_A_TIME) await new Promise<void>((resolve) => waiting.push(resolve));
  else running++;
  try {
    signal.throwIfAborted();
    return await begin();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
}
