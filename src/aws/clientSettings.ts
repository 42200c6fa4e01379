/**
 * How a client of AWS waits. What fails is tried again twice by the client, and after that by whoever
 * called: Telegram, EventBridge or a person.
 *
 * @param requestTimeout milliseconds from a request to the beginning of its answer
 */
export function clientSettings(requestTimeout: number) {
  return {
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout, throwOnRequestTimeout: true },
  } as const;
}
