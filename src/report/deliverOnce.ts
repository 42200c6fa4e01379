import { setTimeout as sleep } from 'node:timers/promises';

import * as z from 'zod';

import { NotFoundError, type ObjectStore, PreconditionFailedError } from '../lake/objectStore.ts';
import { mayBeDone } from '../telegram/errors.ts';
import { callWithRetries } from '../telegram/retries.ts';

/*
 * Telegram knows no key by which it would tell a repeated call from a new one. So nothing is sent
 * that may have been sent before, and a marker in the store says how far the sending is:
 *
 *   (none) -> preparing -> sending -> sent
 *               ^  |          |
 *               +--+----------+        Telegram said no, or was never reached: nothing was sent
 *
 * - Who makes the marker (If-None-Match) does the work; all others find it.
 * - `preparing`: nothing has been sent. When that run ends by an error the marker goes, so that the
 *   next one starts afresh; when it broke off, the same run takes over at once, another one later.
 * - `sending`: written right before each call. Who finds it there cannot know whether the call came
 *   through, and does not repeat it: a digest that is missing once can be asked for, one that comes
 *   twice cannot be taken back.
 * - `sent`: nothing is left to do.
 */

const markerSchema = z.object({
  v: z.literal(1),
  state: z.enum(['preparing', 'sending', 'sent']),
  /** Of whoever wrote it; the same when a run is tried again. */
  run: z.string(),
  /** ISO 8601, UTC. */
  at: z.iso.datetime(),
});

type Marker = z.infer<typeof markerSchema>;

/** Minutes after which a run that prepares counts as broken off: longer than a function may take. */
const PREPARING_MINUTES = 15;

/** Minutes after which a run that sends does: a call takes a minute at most. */
const SENDING_MINUTES = 3;

/** Calls in all: the first and three more. */
const ATTEMPTS = 4;

/** Tries of the marker's last word: while it is not said, nobody knows that all is well. */
const MARK_TRIES = 3;

/** Another run is at it: later, there will be a marker that says how it ended. */
export class DeliveryBusyError extends Error {
  override readonly name = 'DeliveryBusyError';
}

/** It may have been sent, and may not: it is not sent again by itself. */
export class DeliveryUncertainError extends Error {
  override readonly name = 'DeliveryUncertainError';
}

/** What is to be sent once, and how. */
export interface Delivery<T> {
  readonly store: ObjectStore;
  /** Key of the marker. */
  readonly key: string;
  /** For messages: `the digest of 2026-11-21`. */
  readonly what: string;
  /** Tells this run from others; the same when it is tried again. */
  readonly run: string;
  /** Makes what is sent; may fail, and is then done anew at the next try. */
  readonly prepare: () => Promise<T>;
  /** One call of the Bot API. */
  readonly send: (prepared: T) => Promise<void>;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly signal?: AbortSignal | undefined;
  /** First wait between calls, doubled each time; 2 s unless told. */
  readonly backoffMs?: number | undefined;
  readonly onRetry?: ((error: Error, waitMs: number) => void) | undefined;
}

/**
 * Prepares and sends something once, however often and from wherever this is called.
 *
 * @returns what was sent; null when it had been sent before
 * @throws DeliveryBusyError, DeliveryUncertainError; what `prepare` throws; BotApiError or
 *   BotApiUnreachableError when Telegram refused it for good or was not reached: it was not sent, and
 *   can be tried again
 */
export async function deliverOnce<T>(delivery: Delivery<T>): Promise<T | null> {
  const { store, key, what, run, prepare, send, now, signal, backoffMs = 2_000 } = delivery;
  const write = async (
    state: Marker['state'],
    condition: { readonly ifMatch: string } | { readonly ifNoneMatch: '*' },
  ): Promise<string> => {
    const marker: Marker = { v: 1, state, run, at: new Date(now()).toISOString() };
    const { etag } = await store.put(key, Buffer.from(JSON.stringify(marker)), condition);
    return etag;
  };
  /** As long as the marker is ours. @throws DeliveryBusyError when another run has taken over */
  const move = async (state: Marker['state']): Promise<void> => {
    try {
      etag = await write(state, { ifMatch: etag ?? '' });
    } catch (error) {
      throw error instanceof PreconditionFailedError ? busy(what) : error;
    }
  };

  let etag = await claim(delivery, write);
  if (etag === null) return null;
  try {
    const prepared = await prepare();
    await callWithRetries(
      async () => {
        signal?.throwIfAborted();
        await move('sending');
        try {
          await send(prepared);
        } catch (error) {
          if (mayBeDone(error)) throw uncertain(what, error);
          await move('preparing');
          throw error;
        }
      },
      {
        attempts: ATTEMPTS,
        backoffMs,
        ...(signal && { signal }),
        ...(delivery.onRetry && { onRetry: delivery.onRetry }),
      },
    );
    await markSent(() => move('sent'));
    return prepared;
  } catch (error) {
    // Nothing was sent: who comes next shall not wait. What cannot be deleted now counts as broken
    // off in a while.
    if (!(error instanceof DeliveryUncertainError) && !(error instanceof DeliveryBusyError)) {
      await store.delete([key]).catch(() => undefined);
    }
    throw error;
  }
}

/** Forgets a marker, so that what it stands for is sent again, whatever it said. */
export async function forgetDelivery(store: ObjectStore, key: string): Promise<void> {
  await store.delete([key]);
}

/** @returns the ETag of our marker; null when it had been sent before */
async function claim(
  { store, key, what, run, now }: Pick<Delivery<unknown>, 'key' | 'now' | 'run' | 'store' | 'what'>,
  write: (
    state: 'preparing',
    condition: { readonly ifMatch: string } | { readonly ifNoneMatch: '*' },
  ) => Promise<string>,
): Promise<string | null> {
  try {
    return await write('preparing', { ifNoneMatch: '*' });
  } catch (error) {
    if (!(error instanceof PreconditionFailedError)) throw error;
  }
  const found = await read(store, key);
  // It went between the two looks: whoever had it failed just now.
  if (found === null) throw busy(what);
  const { marker, etag } = found;
  if (marker.state === 'sent') return null;
  const minutes = (now() - Date.parse(marker.at)) / 60_000;
  if (marker.state === 'sending') {
    if (marker.run !== run && minutes < SENDING_MINUTES) throw busy(what);
    throw uncertain(what, new Error('the run that was sending it broke off'));
  }
  if (marker.run !== run && minutes < PREPARING_MINUTES) throw busy(what);
  try {
    return await write('preparing', { ifMatch: etag });
  } catch (error) {
    if (error instanceof PreconditionFailedError) throw busy(what);
    throw error;
  }
}

async function read(
  store: ObjectStore,
  key: string,
): Promise<{ readonly marker: Marker; readonly etag: string } | null> {
  try {
    const { etag, stream } = await store.get(key);
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    return { marker: markerSchema.parse(JSON.parse(Buffer.concat(chunks).toString())), etag };
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

/** Says `sent`, some more times than the store's client tries by itself. */
async function markSent(mark: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await mark();
      return;
    } catch (error) {
      // It was sent. The marker says `sending` and keeps it from being sent again.
      if (attempt === MARK_TRIES || error instanceof DeliveryBusyError) return;
      await sleep(attempt * 500);
    }
  }
}

function busy(what: string): DeliveryBusyError {
  return new DeliveryBusyError(`Another run is making ${what}; try again in a few minutes.`);
}

function uncertain(what: string, cause: unknown): DeliveryUncertainError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DeliveryUncertainError(
    `Nobody knows whether ${what} has arrived: ${reason}. Look into the chat; it is not sent again ` +
      'by itself, since it might come twice.',
    { cause },
  );
}
