import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { UnavailableError } from '../../../src/lake/objectStore.ts';
import {
  DeliveryBusyError,
  DeliveryUncertainError,
  deliverOnce,
} from '../../../src/report/deliverOnce.ts';
import { BotApiError, BotApiUnreachableError } from '../../../src/telegram/errors.ts';
import { MemoryStore } from '../../support/memoryStore.ts';

const KEY = 'state/digests/2026-11-21.json';
const MINUTE = 60_000;

const refusal = (code: number, retryAfter: number | null = null) =>
  new BotApiError('sendDocument', code, 'no', retryAfter);
const neverReached = () => new BotApiUnreachableError('sendDocument', 'ECONNREFUSED', false);
const noAnswer = () => new BotApiUnreachableError('sendDocument', 'no answer within 60000 ms');
const gateway = () => new BotApiError('sendDocument', 502, 'Bad Gateway', null, false);

let store: MemoryStore;
let time: number;
/** What came to the chat. */
let arrived: string[];
beforeEach(() => {
  store = new MemoryStore();
  time = Date.UTC(2026, 10, 22, 11);
  arrived = [];
});

function marker(): { state: string; run: string } | null {
  return store.objects.has(KEY)
    ? (JSON.parse(store.bytes(KEY).toString()) as { state: string; run: string })
    : null;
}

/** Delivers; the calls of Telegram end one after the other as given, then well. */
function deliver(
  outcomes: readonly (Error | 'lost')[] = [],
  { run = 'a', prepare = () => Promise.resolve('a digest') } = {},
): Promise<string | null> {
  const left = [...outcomes];
  return deliverOnce({
    store,
    key: KEY,
    what: 'the digest of 2026-11-21',
    run,
    prepare,
    send: (what) => {
      const outcome = left.shift();
      // It came through, and only the answer was lost.
      if (outcome === 'lost') {
        arrived.push(what);
        return Promise.reject(noAnswer());
      }
      if (outcome) return Promise.reject(outcome);
      arrived.push(what);
      return Promise.resolve();
    },
    now: () => time,
    backoffMs: 1,
  });
}

describe('what is sent once', () => {
  test('is sent, marked, and not sent again', async () => {
    expect(await deliver()).toBe('a digest');
    expect(marker()).toMatchObject({ v: 1, state: 'sent', run: 'a' });
    expect(await deliver([], { run: 'b' })).toBeNull();
    expect(arrived).toEqual(['a digest']);
  });

  test('is prepared once for all its calls', async () => {
    let prepared = 0;
    const prepare = () => Promise.resolve(`digest ${++prepared}`);
    await deliver([refusal(500), refusal(429, 0)], { prepare });
    expect(arrived).toEqual(['digest 1']);
  });

  test.each([
    ['refuses for a moment', () => refusal(500)],
    ['asks to wait', () => refusal(429, 0)],
    ['is not reached', neverReached],
  ])('is tried three times more when Telegram %s', async (_what, error) => {
    await deliver([error(), error(), error()]);
    expect(arrived).toEqual(['a digest']);
    store = new MemoryStore();
    await expect(deliver([error(), error(), error(), error()])).rejects.toThrow();
    expect(arrived).toHaveLength(1);
    // Nothing stands in the way of the next run.
    expect(marker()).toBeNull();
    expect(await deliver([], { run: 'b' })).toBe('a digest');
  });

  test('is not tried again when Telegram refuses it for good; the marker goes', async () => {
    await expect(deliver([refusal(403)])).rejects.toThrow('403');
    expect(marker()).toBeNull();
  });

  test.each([
    ['no answer came', noAnswer],
    ['a gateway answered', gateway],
  ])('is never repeated when %s: it may have arrived', async (_what, error) => {
    await expect(deliver([error()])).rejects.toThrow(DeliveryUncertainError);
    expect(marker()).toMatchObject({ state: 'sending' });
    for (const run of ['a', 'b']) {
      time += 60 * MINUTE;
      await expect(deliver([], { run })).rejects.toThrow(/Look into the chat/);
    }
    expect(arrived).toEqual([]);
  });

  test('fails before anything is sent when it cannot be prepared, and can be tried again', async () => {
    const prepare = () => Promise.reject(new Error('Athena is busy.'));
    await expect(deliver([], { prepare })).rejects.toThrow('Athena is busy.');
    expect(marker()).toBeNull();
    expect(await deliver()).toBe('a digest');
  });

  test('is one run’s at a time', async () => {
    const prepare = async () => {
      await expect(deliver([], { run: 'b' })).rejects.toThrow(DeliveryBusyError);
      return 'a digest';
    };
    await deliver([], { prepare });
    expect(arrived).toEqual(['a digest']);
  });

  test('is taken over from a run that broke off while it prepared: at once by itself, later by others', async () => {
    const breakOff = async () => {
      store = new MemoryStore();
      await store.put(
        KEY,
        Buffer.from(
          JSON.stringify({
            v: 1,
            state: 'preparing',
            run: 'a',
            at: new Date(time).toISOString(),
          }),
        ),
      );
    };
    await breakOff();
    expect(await deliver()).toBe('a digest');
    await breakOff();
    await expect(deliver([], { run: 'b' })).rejects.toThrow(DeliveryBusyError);
    time += 16 * MINUTE;
    expect(await deliver([], { run: 'b' })).toBe('a digest');
  });

  test('is left alone by a run that was thought broken off and was only slow', async () => {
    const prepare = async () => {
      time += 16 * MINUTE;
      await deliver([], { run: 'b' });
      return 'late';
    };
    await expect(deliver([], { prepare })).rejects.toThrow(DeliveryBusyError);
    expect(arrived).toEqual(['a digest']);
    expect(marker()).toMatchObject({ state: 'sent', run: 'b' });
  });

  test('was sent, though the marker could not say so: it is not sent again', async () => {
    let writes = 0;
    store.beforePut = () => {
      if (++writes > 2) throw new UnavailableError('S3 is away.');
    };
    expect(await deliver()).toBe('a digest');
    store.beforePut = undefined;
    time += 60 * MINUTE;
    await expect(deliver([], { run: 'b' })).rejects.toThrow(DeliveryUncertainError);
    expect(arrived).toEqual(['a digest']);
  });

  test('ends without a call when it is stopped', async () => {
    const stop = AbortSignal.abort(new Error('The program ends.'));
    const ended = deliverOnce({
      store,
      key: KEY,
      what: 'it',
      run: 'a',
      prepare: () => Promise.resolve('a digest'),
      send: () => Promise.reject(new Error('never called')),
      now: () => time,
      signal: stop,
    });
    await expect(ended).rejects.toThrow('The program ends.');
    expect(marker()).toBeNull();
  });

  test('never arrives twice, whatever happens, and arrives once Telegram works', async () => {
    const outcome = fc.constantFrom<Error | 'lost' | 'fine'>(
      refusal(500),
      refusal(403),
      refusal(429, 0),
      neverReached(),
      noAnswer(),
      gateway(),
      'lost',
      'fine',
    );
    const oneRun = fc.record({
      outcomes: fc.array(outcome, { maxLength: 5 }),
      run: fc.constantFrom('a', 'b'),
      prepares: fc.boolean(),
      failsAt: fc.option(fc.integer({ min: 1, max: 6 }), { nil: null }),
      minutes: fc.integer({ min: 0, max: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(oneRun, { maxLength: 6 }), async (runs) => {
        store = new MemoryStore();
        arrived = [];
        let isUncertain = false;
        for (const { outcomes, run, prepares, failsAt, minutes } of runs) {
          time += minutes * MINUTE;
          let writes = 0;
          store.beforePut = () => {
            if (++writes === failsAt) throw new UnavailableError('S3 is away.');
          };
          const prepare = () =>
            prepares ? Promise.resolve('a digest') : Promise.reject(new Error('Athena is busy.'));
          const left = outcomes.map((one) => (one === 'fine' ? [] : [one])).flat();
          await deliver(left, { run, prepare }).catch((error: unknown) => {
            isUncertain ||= error instanceof DeliveryUncertainError;
          });
        }
        store.beforePut = undefined;
        time += 60 * MINUTE;
        await deliver([], { run: 'last' }).catch((error: unknown) => {
          isUncertain ||= error instanceof DeliveryUncertainError;
        });
        expect(arrived.length).toBeLessThanOrEqual(1);
        expect(arrived.length === 1 || isUncertain).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
