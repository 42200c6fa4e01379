import type { SchemaElement } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';

import type { ObjectStore } from '../../src/lake/objectStore.ts';
import { CAROL, CAROLS_CHAT, JAMES, SUPERGROUP } from './updates/people.ts';

/** A message's update as the course's pipelines receive it. */
export interface CourseUpdate {
  readonly update_id: number;
  readonly message: {
    readonly message_id: number;
    readonly from: { readonly id: number; readonly is_bot: boolean; readonly first_name: string };
    readonly chat: { readonly id: number; readonly type: string };
    readonly date: number;
    readonly text?: string;
  };
}

/** @param at time of the message on the clock at UTC-3, `2026-02-03T10:00:00` */
export function courseUpdate(number: number, at: string, fields: object = {}): CourseUpdate {
  const isCarol = number % 2 === 0;
  return {
    update_id: 439_432_000 + number,
    message: {
      message_id: number,
      from: isCarol ? CAROL : JAMES,
      chat: isCarol ? CAROLS_CHAT : SUPERGROUP,
      date: Date.parse(`${at}-03:00`) / 1000,
      text: `mensagem ${number} 😀`,
      ...fields,
    },
  };
}

/** Key of a raw object. @param at the clock of the ingest, UTC-3 */
export function courseKey(at: string, microseconds = 0): string {
  const digits = at.replaceAll(/\D/g, '');
  return `telegram/context_date=${at.slice(0, 10)}/${digits}${String(microseconds).padStart(6, '0')}.json`;
}

/** Puts an update as the course's first function does. @param at the clock of the ingest */
export async function putCourseRaw(
  store: ObjectStore,
  update: unknown,
  at: string,
  microseconds = 0,
): Promise<void> {
  // As Python writes it: spaces, and nothing but ASCII.
  const json = JSON.stringify(update).replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  await store.put(courseKey(at, microseconds), Buffer.from(json));
}

const SCHEMA: SchemaElement[] = [
  { name: 'root', num_children: 8 },
  ...(['message_id', 'user_id'] as const).map((name) => ({ name, type: 'INT64' as const })),
  { name: 'user_is_bot', type: 'BOOLEAN' },
  { name: 'user_first_name', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  { name: 'chat_id', type: 'INT64' },
  { name: 'chat_type', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  { name: 'text', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  { name: 'date', type: 'INT64' },
].map((element): SchemaElement =>
  element.name === 'root'
    ? (element as SchemaElement)
    : ({ ...element, repetition_type: 'OPTIONAL' } as SchemaElement),
);

/** The course's table of some updates: eight columns, SNAPPY. */
export function courseParquet(updates: readonly CourseUpdate[]): Uint8Array {
  const column = (name: string, take: (update: CourseUpdate) => unknown) => ({
    name,
    data: updates.map((update) => take(update) ?? null),
  });
  return new Uint8Array(
    parquetWriteBuffer({
      schema: SCHEMA,
      codec: 'SNAPPY',
      columnData: [
        column('message_id', ({ message }) => BigInt(message.message_id)),
        column('user_id', ({ message }) => BigInt(message.from.id)),
        column('user_is_bot', ({ message }) => message.from.is_bot),
        column('user_first_name', ({ message }) => message.from.first_name),
        column('chat_id', ({ message }) => BigInt(message.chat.id)),
        column('chat_type', ({ message }) => message.chat.type),
        column('text', ({ message }) => message.text),
        column('date', ({ message }) => BigInt(message.date)),
      ] as Parameters<typeof parquetWriteBuffer>[0]['columnData'],
    }),
  );
}

/** Puts a table as the course's second function does. @param time when it ran, names the file */
export async function putCourseTable(
  store: ObjectStore,
  updates: readonly CourseUpdate[],
  day: string,
  time = '20260301031500000000',
): Promise<void> {
  await store.put(`telegram/context_date=${day}/${time}.parquet`, courseParquet(updates));
}
