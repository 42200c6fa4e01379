import { createHash } from 'node:crypto';

import { integer } from '../../telegram/fields.ts';

/** A row of a course's Parquet file: its eight columns. What is absent or of no use is null. */
export interface CourseRow {
  readonly message_id: number | null;
  readonly user_id: number | null;
  readonly user_is_bot: boolean | null;
  readonly user_first_name: string | null;
  readonly chat_id: number | null;
  readonly chat_type: string | null;
  readonly text: string | null;
  /** Unix seconds. */
  readonly date: number | null;
}

/** The course's eight columns. */
export const COURSE_COLUMNS: readonly (keyof CourseRow)[] = [
  ...(['message_id', 'user_id', 'user_is_bot', 'user_first_name'] as const),
  ...(['chat_id', 'chat_type', 'text', 'date'] as const),
];

/** Columns without which a file is no table of messages. */
export const NEEDED_COLUMNS: readonly (keyof CourseRow)[] = ['message_id', 'chat_id', 'date'];

/** Numbers come as int64, int32, as doubles (a column with gaps) or even as texts. */
function whole(value: unknown): number | null {
  if (typeof value === 'bigint') return integer(Number(value));
  if (typeof value === 'string' && /^-?\d{1,16}$/.test(value)) return integer(Number(value));
  return integer(value);
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/**
 * Takes the eight columns out of a row.
 *
 * @param row as hyparquet reads it
 * @returns null when it does not name a message
 */
export function courseRow(row: Readonly<Record<string, unknown>>): CourseRow | null {
  const isBot = row['user_is_bot'];
  const taken = {
    message_id: whole(row['message_id']),
    user_id: whole(row['user_id']),
    user_is_bot: typeof isBot === 'boolean' ? isBot : null,
    user_first_name: text(row['user_first_name']),
    chat_id: whole(row['chat_id']),
    chat_type: text(row['chat_type']),
    text: text(row['text']),
    date: whole(row['date']),
  };
  return taken.chat_id === null || taken.message_id === null ? null : taken;
}

/** Numbers that a second can hold: made-up numbers rise with the time of the message. */
const PER_SECOND = 2 ** 20;

/**
 * Number of an update that is rebuilt from a row. Telegram's are positive, these are negative: that
 * tells them apart in the table. They rise with the date, so that rows stand in the order of time,
 * and depend on nothing but the row.
 */
function madeUpNumber(row: CourseRow): number {
  const hash = createHash('sha256').update(JSON.stringify(row)).digest();
  return -(2 ** 52) + (row.date ?? 0) * PER_SECOND + (hash.readUInt32BE(0) % PER_SECOND);
}

/** Leaves out what is null. */
function present(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

/** The update that a row can have come from, as far as eight columns tell. */
export function rebuildUpdate(row: CourseRow): { readonly update_id: number } {
  const from = present({
    id: row.user_id,
    is_bot: row.user_is_bot,
    first_name: row.user_first_name,
  });
  return {
    update_id: madeUpNumber(row),
    ...{
      message: present({
        message_id: row.message_id,
        from: row.user_id === null ? null : from,
        chat: present({ id: row.chat_id, type: row.chat_type }),
        date: row.date,
        text: row.text,
      }),
    },
  };
}

/** What identifies a message as long as nobody edits it: chat, number in the chat, time. */
export function messageKey(message: {
  readonly chatId: number | null;
  readonly messageId: number | null;
  readonly date: number | null;
}): string {
  return `${message.chatId ?? ''}/${message.messageId ?? ''}/${message.date ?? ''}`;
}
