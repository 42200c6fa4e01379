import { EventEmitter } from 'node:events';

import type { LakeEvent } from './api.ts';

/** Passes a lake's events on to every open page. */
export interface EventHub {
  send(event: LakeEvent): void;
  /**
   * @param onEnd is called when there will be no more events
   * @returns what ends the subscription
   */
  subscribe(listener: (event: LakeEvent) => void, onEnd: () => void): () => void;
  end(): void;
}

export function createEventHub(): EventHub {
  const emitter = new EventEmitter().setMaxListeners(0);
  return {
    send: (event) => emitter.emit('event', event),
    subscribe(listener, onEnd) {
      emitter.on('event', listener).once('end', onEnd);
      return () => {
        emitter.off('event', listener).off('end', onEnd);
      };
    },
    end: () => emitter.emit('end'),
  };
}
