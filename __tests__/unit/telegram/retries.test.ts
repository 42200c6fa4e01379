import { expect, jest, test } from '@jest/globals';
import { BotApiError, BotApiUnreachableError } from '../../../src/telegram/errors.ts';
import { callWithRetries } from '../../../src/telegram/retries.ts';

/** A call that fails with each error in turn, then succeeds. */
function failing(...errors: Error[]) {
  return jest.fn(() => {
    const error = errors.shift();
    return error ? Promise.reject(error) : Promise.resolve('done');
  });
}

const offline = new BotApiUnreachableError('sendMessage', 'ENOTFOUND');
const fault = new BotApiError('sendMessage', 502, 'Bad Gateway');
const tooMany = (seconds: number) => new BotApiError('sendMessage', 429, 'Too many', seconds);

test('faults that pass are waited out, a little longer each time', async () => {
  const call = failing(offline, fault, offline);
  const waits: number[] = [];
  const onRetry = (_: Error, ms: number) => void waits.push(ms);
  expect(await callWithRetries(call, { backoffMs: 2, onRetry })).toBe('done');
  expect(call).toHaveBeenCalledTimes(4);
  expect(waits).toHaveLength(3);
  for (const [index, ms] of waits.entries()) {
    expect(ms).toBeGreaterThanOrEqual(2 ** index);
    expect(ms).toBeLessThanOrEqual(2 * 2 ** index);
  }
});

test('Telegram says how long to wait', async () => {
  const onRetry = jest.fn();
  const call = failing(tooMany(0), tooMany(1));
  expect(await callWithRetries(call, { backoffMs: 60_000, onRetry })).toBe('done');
  expect(onRetry.mock.calls).toEqual([
    [expect.any(BotApiError), 0],
    [expect.any(BotApiError), 1_000],
  ]);
});

test('attempts end, with the last error', async () => {
  const call = failing(offline, offline, fault, offline);
  await expect(callWithRetries(call, { attempts: 3, backoffMs: 1 })).rejects.toBe(fault);
  expect(call).toHaveBeenCalledTimes(3);
});

test.each([
  new BotApiError('getUpdates', 401, 'Unauthorized'),
  new BotApiError('getUpdates', 409, 'Conflict'),
  new TypeError('a mistake of ours'),
])('%s would only come again: thrown at once', async (error) => {
  const call = failing(error);
  await expect(callWithRetries(call)).rejects.toBe(error);
  expect(call).toHaveBeenCalledTimes(1);
});

test('an abort ends the wait with its reason', async () => {
  const controller = new AbortController();
  const stop = new Error('The program ends.');
  const call = failing(tooMany(3_600));
  const onRetry = () => {
    setImmediate(() => {
      controller.abort(stop);
    });
  };
  await expect(callWithRetries(call, { signal: controller.signal, onRetry })).rejects.toBe(stop);
  expect(call).toHaveBeenCalledTimes(1);
});
