import { type ColumnType, type Column, TELEGRAM_COLUMNS, type Value } from '../columns.ts';
import { encodeParquet } from '../parquet.ts';
import { questionKey } from '../questionKey.ts';
import { readFooter, readRows } from '../readParquet.ts';
import { type Person, mask, pointers } from './person.ts';

type Row = Readonly<Record<string, unknown>>;

/** Columns that say of whom a row is. */
const PERSON_COLUMNS = ['user_id', 'chat_id', 'member_user_id'] as const;

/** Texts that people or the bot wrote, in which somebody may be named. */
const TEXTS = ['text', 'caption', 'answer_text', 'callback_data', 'start_payload'] as const;

/** A table's file without a person. */
export interface ErasedTable {
  /** The file. */
  readonly bytes: Uint8Array;
  /** Whether no row is left in it. */
  readonly isEmpty: boolean;
  /** Rows that went. */
  readonly rows: number;
  /** Rows in which a mention was masked. */
  readonly redacted: number;
}

function isTheirs(row: Row, { id }: Person): boolean {
  return PERSON_COLUMNS.some((column) => row[column] === BigInt(id));
}

/** Learns the person's user names from a table. @throws Error when it is no Parquet file */
export async function learnFromTable(bytes: Uint8Array, person: Person): Promise<void> {
  const { columns } = readFooter(bytes);
  if (!columns.includes('user_id') || !columns.includes('user_username')) return;
  for (const row of await readRows(bytes, ['user_id', 'user_username'])) {
    const name = row['user_username'];
    if (row['user_id'] === BigInt(person.id) && typeof name === 'string' && name !== '') {
      person.usernames.add(name.toLowerCase());
    }
  }
}

/** Masks what points at the person. @returns the same row when nothing does */
function maskRow(row: Row, pointing: RegExp): Row {
  const masked: Record<string, unknown> = {};
  for (const column of TEXTS) {
    const text = row[column];
    if (typeof text !== 'string') continue;
    const left = text.replace(pointing, mask);
    if (left !== text) masked[column] = left;
  }
  if (Object.keys(masked).length === 0) return row;
  const left: Row = { ...row, ...masked };
  if (typeof row['question_key'] !== 'string') return left;
  const question = left['text'] ?? left['caption'];
  return { ...left, question_key: typeof question === 'string' ? questionKey(question) : null };
}

/** A value as it was before it was written. */
function valueOf(type: ColumnType, value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (type === 'int64') return Number(value);
  if (type === 'timestamp') return (value as Date).getTime();
  if (type === 'date') return (value as Date).toISOString().slice(0, 10);
  return value as Value;
}

/** The columns of a file. @throws Error when there is one that this version does not know */
function columnsOf(names: readonly string[]): Column<Row>[] {
  return names.map((name) => {
    const known = TELEGRAM_COLUMNS.find((column) => column.name === name);
    if (!known) {
      throw new Error(
        `There is a column ${name}, which this version of the program does not know: take the version that wrote it.`,
      );
    }
    const { type, meaning } = known;
    return { name, type, meaning, take: (row) => valueOf(type, row[name]) };
  });
}

/** In a day's file: how many rows the parts beside it hold. */
const ROWS_BESIDE = 'chatbot.rows';

/** What goes down with each update: always stored = rows + duplicates + rejected. */
const COUNTS: ReadonlySet<string> = new Set(['chatbot.stored', ROWS_BESIDE]);

/** What the file says of its run, with fewer updates. */
function metadataOf(metadata: Readonly<Record<string, string>>, gone: number) {
  const own = Object.entries(metadata).filter(([key]) => key.startsWith('chatbot.'));
  return Object.fromEntries(
    own.map(([key, value]) => [
      key,
      COUNTS.has(key) ? String(Math.max(0, Number(value) - gone)) : value,
    ]),
  );
}

/**
 * Takes a person's rows out of a file of table `telegram`, and masks what points at them in others'.
 *
 * @param goneUpdates numbers of updates that go though their row does not tell: what others forwarded
 * @returns null when it holds nothing of them
 * @throws Error when it is no Parquet file of the table
 */
export async function eraseFromTable(
  bytes: Uint8Array,
  person: Person,
  goneUpdates: ReadonlySet<number> = new Set(),
): Promise<ErasedTable | null> {
  const pointing = pointers(person);
  const all = await readRows(bytes);
  const kept = all.filter(
    (row) => !isTheirs(row, person) && !goneUpdates.has(Number(row['update_id'])),
  );
  const masked = kept.map((row) => maskRow(row, pointing));
  const rows = all.length - kept.length;
  const redacted = masked.filter((row, index) => row !== kept[index]).length;
  if (rows + redacted === 0) return null;
  const { columns, metadata } = readFooter(bytes);
  const left = await encodeParquet(columnsOf(columns), masked, metadataOf(metadata, rows));
  return { bytes: left, isEmpty: masked.length === 0, rows, redacted };
}

/**
 * A day's file whose rows lie in parts beside it, when some of those went.
 *
 * @returns null when the file says nothing of rows beside it
 */
export async function countLess(bytes: Uint8Array, rows: number): Promise<Uint8Array | null> {
  const { columns, metadata } = readFooter(bytes);
  if (metadata[ROWS_BESIDE] === undefined) return null;
  return encodeParquet(columnsOf(columns), await readRows(bytes), metadataOf(metadata, rows));
}
