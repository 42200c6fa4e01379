import {
  type ObjectInfo,
  NotFoundError,
  type ObjectStore,
  readAll,
} from '../../src/lake/objectStore.ts';
import type { Phases } from './phases.ts';

/** Objects asked for at a time: the store decides how many of them it reads at once. */
const WINDOW = 512;

/** Bytes asked for at a time; what is larger than a small object is read when its turn comes. */
const WINDOW_BYTES = 32 * 1024 * 1024;

/** Bytes of an object that is read whole, ahead of its turn. */
const SMALL = 1024 * 1024;

/** A raw object whose turn has come: its bytes, or its stream when it is large. */
export interface OpenObject {
  readonly object: ObjectInfo;
  /** null when it is not there any more. */
  readonly body: AsyncIterable<Uint8Array> | Uint8Array | null;
}

interface Asked {
  readonly object: ObjectInfo;
  readonly body: Promise<Uint8Array | null> | null;
}

function readSmall(store: ObjectStore, { key }: ObjectInfo): Promise<Uint8Array | null> {
  if (store.getSmall) return store.getSmall(key, SMALL);
  return store.get(key).then(({ stream }) => readAll(stream));
}

/** Lets two sides of one thing wait for each other. */
class Bell {
  #ring: (() => void) | undefined;

  ring(): void {
    this.#ring?.();
    this.#ring = undefined;
  }

  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#ring = resolve;
    });
  }
}

/**
 * Opens objects in the order of their listing, with many of them asked for ahead of their turn.
 *
 * @param options.onListed is called with how many are listed, and whether those are all
 * @throws UnavailableError; what `signal` aborts with
 */
export async function* readAhead(
  store: ObjectStore,
  listing: AsyncIterable<ObjectInfo>,
  options: {
    readonly phases: Phases;
    readonly signal?: AbortSignal | undefined;
    readonly onListed?: (count: number, isWhole: boolean) => void;
  },
): AsyncGenerator<OpenObject> {
  const { phases, signal, onListed } = options;
  const asked: Asked[] = [];
  let first = 0;
  let bytes = 0;
  let isListed = false;
  let isStopped = false;
  const [room, work] = [new Bell(), new Bell()];
  const isFull = () => asked.length - first >= WINDOW || bytes >= WINDOW_BYTES;

  async function ask(): Promise<void> {
    let count = 0;
    try {
      for await (const object of listing) {
        while (isFull() && !isStopped) await room.wait();

        if (isStopped) return;
        const body = object.size <= SMALL ? readSmall(store, object) : null;
        // Whoever's turn it is learns of the failure; a turn that never comes must not end the process.
        body?.catch(() => undefined);
        if (body) bytes += object.size;
        asked.push({ object, body });
        onListed?.(++count, false);
        work.ring();
      }
      onListed?.(count, true);
    } finally {
      isListed = true;
      work.ring();
    }
  }
  /** Whether a turn can come: at first not before all is asked for that may be. */
  let isBegun = false;
  const isReady = () => isListed || (first < asked.length && (isBegun || isFull()));
  const asking = ask();
  asking.catch(() => undefined);

  async function open({ object, body }: Asked): Promise<OpenObject['body']> {
    try {
      const small = await body;
      return small ?? (await store.get(object.key)).stream;
    } catch (error) {
      if (error instanceof NotFoundError) return null;
      throw error;
    }
  }

  try {
    for (;;) {
      signal?.throwIfAborted();
      let start = performance.now();
      while (!isReady()) await work.wait();
      isBegun = true;
      start = phases.add('list', start);
      const next = asked[first];
      if (!next) break;
      const body = await open(next);
      phases.add('get', start);
      if (next.body) bytes -= next.object.size;
      first++;
      if (first === WINDOW) {
        asked.splice(0, first);
        first = 0;
      }
      room.ring();
      yield { object: next.object, body };
    }
    await asking;
  } finally {
    isStopped = true;
    room.ring();
  }
}
