import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { SQSEvent } from 'aws-lambda';

import { createWriterHandler } from '../../functions/writer/handler.ts';
import type { Answer } from '../../src/lake/envelope.ts';
import { FolderStore } from '../../src/lake/folderStore.ts';
import { lineOf, writeRecord } from '../../src/lake/rawWrite.ts';
import type {
  Conversation,
  ConversationAround,
  FoundRecord,
  LakeObjects,
  LineContent,
  ObjectLines,
  RecordDetails,
} from '../../src/local/api.ts';
import { parseUpdate } from '../../src/telegram/parseUpdate.ts';
import { type Place, type TestServer, makePlace, startTestServer } from '../support/localServer.ts';

/*
 * A lake that a stage wrote which buffers, looked at on one machine: batches that overlap, since
 * Telegram told some updates twice, and an update that was written directly.
 */

const DAY = '2026-11-19';
const CHAT = 77;

let place: Place;
let server: TestServer;

/** An update, delivered at a minute after noon in São Paulo. */
function delivered(id: number, minute: number) {
  const json = JSON.stringify({
    update_id: id,
    message: {
      message_id: id,
      date: Date.parse(`${DAY}T15:00:00Z`) / 1_000 + id,
      chat: { id: CHAT, type: 'private', first_name: 'Rosa' },
      from: { id: CHAT, is_bot: false, first_name: 'Rosa' },
      text: `message ${id}`,
    },
  });
  const answer: Answer = {
    call: { method: 'sendMessage', chat_id: CHAT, text: `answer ${id} of minute ${minute}` },
    ...{ outcome: 'answered', intent: null, score: null, candidates: [] },
    ...{ engine: 'test@1', knowledge: 'abc', ms: 0 },
  };
  return {
    ...({ json, ...parseUpdate(json), day: DAY, source: 'telegram', answer } as const),
    receivedAt: Date.parse(`${DAY}T15:00:00Z`) + minute * 60_000,
  };
}

beforeAll(async () => {
  place = await makePlace();
  const raw = new FolderStore(join(place.folders.own, 'raw'));
  const handle = createWriterHandler({ raw });
  const batch = (...records: ReturnType<typeof delivered>[]) =>
    handle({
      Records: records.map((record, index) => ({
        messageId: `m${index}`,
        body: lineOf(record).trimEnd(),
        messageAttributes: { day: { dataType: 'String', stringValue: record.day } },
      })),
    } as unknown as SQSEvent);
  // The later deliveries stand in the object whose name comes first.
  await batch(delivered(1, 0), delivered(2, 5), delivered(3, 5));
  await batch(delivered(2, 1), delivered(3, 1), delivered(5, 1));
  await writeRecord(raw, delivered(4, 1));
  server = await startTestServer(place);
});

afterAll(async () => {
  await server.close();
  await place.remove();
});

const get = async <T>(path: string): Promise<T> => {
  const { status, body } = await server.get(`/api/lakes/own/${path}`);
  expect([path, status, status === 200 ? null : body]).toEqual([path, 200, null]);
  return body;
};

const refOf = ({ key, line }: FoundRecord['record']) =>
  String(new URLSearchParams({ key, line: String(line) }));

/** Each message and its answer, once, of the first delivery. */
const TEXTS = [1, 2, 3, 4, 5].flatMap((id) => [
  `message ${id}`,
  `answer ${id} of minute ${id === 1 ? 0 : 1}`,
]);

describe('a lake of batches on the page', () => {
  test('shows each update once, as it was first received', async () => {
    const { entries } = await get<Conversation>(`chats/${CHAT}/entries`);
    expect(entries.map(({ text }) => text).sort()).toEqual([...TEXTS].sort());
  });

  test('shows objects, their lines, and what a line holds', async () => {
    const { objects } = await get<LakeObjects>(`days/${DAY}/objects?offset=0&limit=10`);
    expect(
      objects.map(({ key, line }) => [key.replace(/^.*\//, ''), line?.update?.updateId]),
    ).toEqual([
      [expect.stringMatching(/^1-3-[0-9a-f]{16}\.ndjson\.gz$/), undefined],
      [expect.stringMatching(/^2-5-[0-9a-f]{16}\.ndjson\.gz$/), undefined],
      ['4.json', 4],
    ]);
    const key = objects[1]?.key ?? '';
    const { lines, total } = await get<ObjectLines>(
      `lines?${String(new URLSearchParams({ key, offset: '0', limit: '10' }))}`,
    );
    expect([total, lines.map(({ update }) => update?.updateId)]).toEqual([3, [2, 3, 5]]);
    const { text } = await get<LineContent>(`line?${refOf({ key, line: 2 })}`);
    expect(`${text}\n`).toBe(lineOf(delivered(5, 1)));
  });

  test('has closed the day, and leads from each row to its line and its conversation', async () => {
    // It does so when it starts.
    const { body } = await server.post('/api/lakes/own/close', { day: DAY });
    expect(body).toMatchObject({ status: 'unchanged', rows: 5, duplicates: 2 });
    for (const id of [1, 2, 3, 4, 5]) {
      const found = await get<FoundRecord>(`chats/${CHAT}/find?day=${DAY}&update=${id}`);
      const details = await get<RecordDetails>(`record?${refOf(found.record)}`);
      const answer = `answer ${id} of minute ${id === 1 ? 0 : 1}`;
      expect(details.answer?.text).toBe(answer);
      expect(details.row?.find(({ name }) => name === 'answer_text')?.value).toBe(answer);
      const { entries } = await get<ConversationAround>(
        `chats/${CHAT}/around?${refOf(found.record)}&before=10&after=10`,
      );
      expect(entries.map(({ text }) => text).sort()).toEqual([...TEXTS].sort());
    }
  });

  test('shows a later delivery when that one is asked for', async () => {
    const { objects } = await get<LakeObjects>(`days/${DAY}/objects?offset=0&limit=10`);
    const ref = refOf({ key: objects[0]?.key ?? '', line: 1 });
    const details = await get<RecordDetails>(`record?${ref}`);
    expect(details.answer?.text).toBe('answer 2 of minute 5');
    const { entries } = await get<ConversationAround>(
      `chats/${CHAT}/around?${ref}&before=10&after=10`,
    );
    const texts = entries.map(({ text }) => text);
    expect(texts.filter((text) => text === 'message 2')).toHaveLength(1);
    expect(texts).toContain('answer 2 of minute 5');
  });
});
