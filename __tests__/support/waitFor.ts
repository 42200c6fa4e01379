/** Waits until something holds; gives it up to two minutes, which only a broken program needs. */
export async function waitFor(
  what: string,
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  for (let attempts = 0; attempts < 6_000; attempts++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Waited in vain: ${what}.`);
}
