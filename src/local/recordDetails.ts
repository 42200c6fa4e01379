import type { Engine } from '../analytics/engine.ts';
import type { Knowledge } from '../bot/knowledge.ts';
import { type MessageInput, TELEGRAM_COLUMNS } from '../lake/columns.ts';
import { readDayFile } from '../../functions/etl/dayFile.ts';
import { dayOfKey, parquetKey } from '../lake/keys.ts';
import { NotFoundError, type ObjectStore, readBytes } from '../lake/objectStore.ts';
import { readRows } from '../lake/readParquet.ts';
import { readRawObject } from '../lake/rawRecords.ts';
import type { RecordDetails, RecordRef, RowCell } from './api.ts';
import { loadRecord } from './loadRecent.ts';
import type { LocalLake } from './localLake.ts';
import type { RecentRecord } from './recentRecord.ts';

/** Columns that tell two updates with the same number apart; taken from the update alone. */
const IDENTITY = new Set([
  'update_type',
  'message_id',
  'user_id',
  'chat_id',
  'date',
  'edit_date',
  'text',
  'caption',
  'callback_data',
  'reaction',
]);

/** What the row of an update holds in those columns. */
function identityOf(record: RecentRecord): Map<string, unknown> {
  const input: MessageInput = { ...record, localTime: 0, questionKey: null };
  return new Map(
    TELEGRAM_COLUMNS.filter(({ name }) => IDENTITY.has(name)).map(({ name, take }) => [
      name,
      take(input),
    ]),
  );
}

/** The row of an update; null while the day has not been closed with it. */
async function findRow(
  analytics: Engine,
  day: string,
  record: RecentRecord,
): Promise<RowCell[] | null> {
  const { columns, types, rows } = await analytics.run(
    `SELECT * FROM telegram WHERE context_date = DATE '${day}' AND update_id = ${record.facts.updateId}`,
  );
  const identity = identityOf(record);
  const row = rows.find((values) =>
    columns.every((name, index) => !identity.has(name) || identity.get(name) === values[index]),
  );
  if (!row) return null;
  const meanings = new Map(TELEGRAM_COLUMNS.map(({ name, meaning }) => [name, meaning]));
  return columns.map((name, index) => ({
    name,
    type: types[index] ?? '',
    meaning: meanings.get(name) ?? "Day in the lake's zone: the folder of the file.",
    value: row[index] ?? null,
  }));
}

/** The stored line as it lies there. @throws NotFoundError */
async function readLine(store: ObjectStore, { key, line }: RecordRef): Promise<string> {
  for await (const raw of readRawObject(store, key)) if (raw.line === line) return raw.json.trim();
  throw new NotFoundError(`${key}, line ${line}`);
}

async function sizeOf(store: ObjectStore, key: string): Promise<number> {
  for await (const object of store.list(key)) if (object.key === key) return object.size;
  throw new NotFoundError(key);
}

/** The day's file, or the part of it that has rows of an update. */
async function fileOf(enriched: ObjectStore, day: string, updateId: number): Promise<string> {
  const file = await readDayFile(enriched, day);
  for (const key of file?.parts ? file.rowKeys : []) {
    const rows = await readRows(await readBytes(enriched, key), ['update_id']);
    if (rows.some((row) => row['update_id'] === BigInt(updateId))) return key;
  }
  return parquetKey(day);
}

/**
 * What happened to one update: its raw object, its answer, its row.
 *
 * @throws NotFoundError when nothing lies there; UnreadableError when it is no update
 */
export async function recordDetails(
  { lake, analytics, records }: LocalLake,
  knowledge: Knowledge,
  ref: RecordRef,
): Promise<RecordDetails> {
  const day = dayOfKey(ref.key);
  // The key comes from outside: only updates are read, nothing else that lies in the folder.
  if (day === undefined || !ref.key.startsWith('telegram/')) throw new NotFoundError(ref.key);
  const [json, size, record] = await Promise.all([
    readLine(lake.raw, ref),
    sizeOf(lake.raw, ref.key),
    records.get(ref) ?? loadRecord(lake.raw, ref),
  ]);
  const { facts, answer } = record;
  const titleOf = (intent: string | null) =>
    (intent === null ? undefined : knowledge.topics.get(intent)?.title) ?? null;
  const text = answer?.call?.['text'];
  return {
    ref,
    size,
    json,
    updateId: facts.updateId,
    updateType: facts.updateType,
    contentType: facts.contentType,
    answer: answer && {
      outcome: answer.outcome,
      intent: answer.intent,
      title: titleOf(answer.intent),
      score: answer.score,
      text: typeof text === 'string' ? text : null,
      candidates: answer.candidates.map(({ intent, score }) => ({
        intent,
        title: titleOf(intent),
        score,
      })),
      engine: answer.engine,
      ms: answer.ms,
    },
    day,
    row: await findRow(analytics, day, record),
    parquetKey: await fileOf(lake.enriched, day, facts.updateId),
  };
}
