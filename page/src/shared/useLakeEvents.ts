import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { dayOfKey } from './dayOfKey.ts';
import type { LakeEvent, LakeId } from '../../../src/local/api.ts';
import { keys } from './queries.ts';

/** Keeps what is on the screen up to date with what the server tells about a lake. */
export function useLakeEvents(lake: LakeId): void {
  const client = useQueryClient();
  useEffect(() => {
    const source = new EventSource(`/api/lakes/${lake}/events`);
    let opened = false;
    const refresh = (queryKey: readonly unknown[]) => {
      void client.invalidateQueries({ queryKey });
    };
    source.onopen = () => {
      // After a lost connection something may have been missed.
      if (opened) void client.invalidateQueries();
      opened = true;
    };
    source.onerror = () => {
      refresh(keys.status);
    };
    source.onmessage = ({ data }: MessageEvent<string>) => {
      const event = JSON.parse(data) as LakeEvent;
      refresh(keys.status);
      if (event.type === 'closed') {
        refresh(keys.lake(lake));
        return;
      }
      refresh(keys.chats(lake));
      refresh(keys.days(lake));
      const day = dayOfKey(event.record.key);
      if (day !== undefined) refresh(keys.day(lake, day));
      if (event.chatId !== null) refresh(keys.conversation(lake, event.chatId));
    };
    return () => {
      source.close();
    };
  }, [client, lake]);
}
