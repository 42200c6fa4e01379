import { EventEmitter } from 'node:events';

import type { LakeEvent } from './api.ts';

/** Passes a lake's events on to every open page. */
export interface EventHub {
  send(event: LakeEvent): void;
  /** @returns what ends the subscription */
  subscribe(listener: (event: LakeEvent) => void): () => void;
  /** Aborts when there will be no more events. */
  readonly ended: AbortSignal;
  end(): void;
}

export function createEventHub(): EventHub {
  const emitter = new EventEmitter().setMaxListeners(0);
  const ending = new AbortController();
  return {
    send: (event) => emitter.emit('event', event),
    subscribe(listener) {
      emitter.on('event', listener);
      return () => emitter.off('event', listener);
    },
    ended: ending.signal,
    end() {
      ending.abort();
    },
  };
}
