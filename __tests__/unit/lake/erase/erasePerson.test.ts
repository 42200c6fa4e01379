import { gunzipSync, gzipSync } from 'node:zlib';

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { readDayFile } from '../../../../functions/etl/dayFile.ts';
import { runDay } from '../../../../functions/etl/runDay.ts';
import { TELEGRAM_COLUMNS } from '../../../../src/lake/columns.ts';
import { contentHash } from '../../../../src/lake/identity.ts';
import { dayOf, eventTime } from '../../../../src/lake/days.ts';
import { writeEnvelope } from '../../../../src/lake/envelope.ts';
import {
  type EraseOptions,
  type Receipt,
  erasePerson,
  isNothing,
} from '../../../../src/lake/erase/erasePerson.ts';
import { parquetKey, rawKey } from '../../../../src/lake/keys.ts';
import { readBytes } from '../../../../src/lake/objectStore.ts';
import { encodeParquet } from '../../../../src/lake/parquet.ts';
import { readFooter, readRows } from '../../../../src/lake/readParquet.ts';
import { listRejected, writeRejected } from '../../../../src/lake/rejected.ts';
import { asUpdate } from '../../../../src/telegram/parseUpdate.ts';
import { DAY, RUN, ZONE } from '../../../support/lakes.ts';
import { VersionedStore } from '../../../support/versionedStore.ts';
import { type AnyUpdate, arbitraryUpdate } from '../../../support/updates/arbitraries.ts';
import { CAROL, CAROLS_CHAT, JAMES, SUPERGROUP } from '../../../support/updates/people.ts';

/** Bears names that no text of others holds by chance. */
const PERSON = {
  id: 7_311_985_206,
  is_bot: false,
  first_name: 'Zzquimera 🌻',
  last_name: 'Çaratustra',
  username: 'zz_quimera_77',
};

/** Any trace of the person. */
const TRACE = /7311985206|zzquimera|zz_quimera_77|aratustra/i;

interface Stores {
  readonly raw: VersionedStore;
  readonly enriched: VersionedStore;
  readonly files: VersionedStore;
  readonly zone: string;
}

function stores(): Stores {
  return {
    raw: new VersionedStore(),
    enriched: new VersionedStore(),
    files: new VersionedStore(),
    zone: ZONE,
  };
}

function optionsOf(lake: Stores, run = RUN): EraseOptions {
  return {
    files: lake.files,
    runDay: async (day) => {
      await runDay(lake, day, run);
    },
  };
}

function erase(lake: Stores, user = PERSON.id, run = RUN): Promise<Receipt> {
  return erasePerson(lake, user, optionsOf(lake, run));
}

/** JSON with the characters that may be escaped, as Python escapes them. */
function unescaped(json: string): string {
  return json.replaceAll(/\\u([0-9a-f]{4})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** What an object says, whatever it is packed in. */
async function contentOf({ key, bytes }: { key: string; bytes: Buffer }): Promise<string> {
  if (key.endsWith('.parquet')) {
    return JSON.stringify(await readRows(bytes), (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
  }
  if (key.endsWith('.gz')) return unescaped(gunzipSync(bytes).toString('utf8'));
  if (key.startsWith('rejected/')) {
    const { body_base64 } = JSON.parse(bytes.toString('utf8')) as { body_base64: string };
    return Buffer.from(body_base64, 'base64').toString('utf8');
  }
  return unescaped(bytes.toString('utf8'));
}

/** Keys of objects, also of older versions, in which the person can be found. */
async function traces(lake: Stores): Promise<string[]> {
  const found: string[] = [];
  for (const store of [lake.raw, lake.enriched, lake.files]) {
    for (const object of store.everything()) {
      const content = `${object.key} ${await contentOf(object)}`;
      if (TRACE.test(content)) found.push(`${object.key}: ${content.slice(0, 300)}`);
    }
  }
  return found;
}

function message(id: number, fields: object): AnyUpdate {
  const date = Date.parse(`${DAY}T12:00:00-03:00`) / 1000 + id;
  return {
    update_id: id,
    message: { message_id: id, date, from: JAMES, chat: SUPERGROUP, text: 'ok', ...fields },
  };
}

function envelope(update: AnyUpdate): string {
  const received_at = '2026-01-15T15:00:00.000Z';
  return writeEnvelope({ source: 'telegram', received_at, answer: null }, JSON.stringify(update));
}

async function put(lake: Stores, name: string, body: string | Uint8Array, day = DAY) {
  await lake.raw.put(
    `telegram/context_date=${day}/${name}`,
    typeof body === 'string' ? Buffer.from(body) : body,
  );
}

async function textsOf(lake: Stores, day = DAY): Promise<unknown[]> {
  const rows = await readRows(await readBytes(lake.enriched, parquetKey(day)));
  return rows.map(({ text }) => text);
}

/** A lake of one day in which the person is everywhere. */
async function fullLake(): Promise<Stores> {
  const lake = stores();
  const theirs = message(1, { from: PERSON, text: 'minha conta' });
  const reply = message(3, { text: 'calma', reply_to_message: theirs['message'] });
  await put(lake, '1.json', envelope(theirs));
  await put(lake, '2.json', envelope(message(2, { text: 'bom dia' })));
  await put(lake, '3.json', envelope(reply));
  await put(lake, '4.json', envelope(message(4, { text: 'oi @Zz_Quimera_77, tudo bem?' })));
  await put(
    lake,
    'import-a.ndjson.gz',
    gzipSync(
      [5, 6, 7]
        .map((id) =>
          envelope(message(id, id === 6 ? { from: PERSON, text: 'eu' } : { text: `n${id}` })),
        )
        .join(''),
    ),
  );
  await put(lake, 'all-theirs.ndjson', envelope(message(8, { from: PERSON, text: 'só eu' })));
  // Older versions: a mended object, and one that was deleted.
  await put(lake, '9.json', JSON.stringify(message(9, { from: PERSON })));
  await put(lake, '9.json', envelope(message(9, { text: 'outra' })));
  await put(lake, '10.json', envelope(message(10, { from: PERSON })));
  await lake.raw.delete([`telegram/context_date=${DAY}/10.json`]);
  await put(lake, 'broken.json', '{"update_id": 11, "message": {"from": {"id": 7311985206');
  await writeRejected(lake.raw, DAY, {
    ...{ from: 'webhook', sourceKey: null, line: null, reason: 'x', receivedAt: RUN.now },
    body: Buffer.from('{"update_id":"x","message":{"from":{"id":7311985206}}}'),
  });
  await writeRejected(lake.raw, DAY, {
    ...{ from: 'webhook', sourceKey: null, line: null, reason: 'x', receivedAt: RUN.now },
    body: Buffer.from('{"of": "somebody else"}'),
  });
  await lake.raw.put('lake.json', Buffer.from('{}'));
  await lake.raw.put('state/chats/7311985206.json', Buffer.from('{}'));
  await lake.raw.put('state/chats/-5.json', Buffer.from('{}'));
  await lake.files.put('reports/2026-01-15.html', Buffer.from('<b>Zzquimera</b>'));
  await lake.files.put('athena/1.csv', Buffer.from('zz_quimera_77'));
  await runDay(lake, DAY, RUN);
  return lake;
}

describe('a lake in which the person is everywhere', () => {
  test('holds nothing of them any more, in any version; of the others all', async () => {
    const lake = await fullLake();
    expect(await traces(lake)).not.toEqual([]);
    const receipt = await erase(lake);
    expect(await traces(lake)).toEqual([]);
    expect(receipt).toEqual({
      user: PERSON.id,
      raw: { updates: 4, redacted: 2, versions: expect.any(Number) },
      rejected: 2,
      state: 1,
      tables: { files: 1, rows: 3, redacted: 1, versions: expect.any(Number) },
      files: { reports: 1, results: 1 },
      unread: [],
    });
    expect(await textsOf(lake)).toEqual([
      'bom dia',
      'calma',
      'oi **************, tudo bem?',
      'n5',
      'n7',
      'outra',
    ]);
    const rejected = [];
    for await (const { record } of listRejected(lake.raw)) rejected.push(record.from);
    expect(rejected).toEqual(['webhook']);
  });

  test('run twice, it finds nothing and changes nothing', async () => {
    const lake = await fullLake();
    await erase(lake);
    const before = [lake.raw, lake.enriched].map((store) => store.everything());
    const receipt = await erase(lake);
    expect(isNothing(receipt)).toBe(true);
    expect([lake.raw, lake.enriched].map((store) => store.everything())).toEqual(before);
  });

  test('the receipt names nobody', async () => {
    const receipt = await erase(await fullLake());
    expect(JSON.stringify(receipt).replace('7311985206', '')).not.toMatch(TRACE);
  });

  test('broken off anywhere and run again, it completes', async () => {
    let writes = 0;
    for (let isWhole = false; !isWhole; writes++) {
      const lake = await fullLake();
      const all = [lake.raw, lake.enriched, lake.files];
      let left = writes;
      const breakOff = (): void => {
        if (left-- === 0) throw new Error('broken off');
      };
      for (const store of all) store.beforeWrite = breakOff;
      isWhole = await erase(lake).then(
        () => true,
        () => false,
      );
      for (const store of all) store.beforeWrite = undefined;
      await erase(lake);
      expect(await traces(lake)).toEqual([]);
      expect(await textsOf(lake)).toHaveLength(6);
      expect(isNothing(await erase(lake))).toBe(true);
    }
    expect(writes).toBeGreaterThan(10);
  });

  test('of somebody who is not there nothing is found, and nothing changed', async () => {
    const lake = await fullLake();
    const before = lake.raw.everything();
    expect(isNothing(await erase(lake, 42))).toBe(true);
    expect(lake.raw.everything()).toEqual(before);
    expect(lake.files.everything()).toHaveLength(2);
  });
});

describe('days whose raw objects have expired', () => {
  const LATER = { ...RUN, now: Date.UTC(2028, 0, 1) };

  test('lose the person’s rows, and keep all others', async () => {
    const lake = await fullLake();
    for await (const { key } of lake.raw.list('telegram/')) await lake.raw.delete([key]);
    const before = await textsOf(lake);
    await erase(lake, PERSON.id, LATER);
    expect(await traces(lake)).toEqual([]);
    expect(await textsOf(lake)).toHaveLength(before.length - 3);
  });

  test('are rewritten as the ETL would write them', async () => {
    const expired = await fullLake();
    for await (const { key } of expired.raw.list('telegram/')) await expired.raw.delete([key]);
    await erase(expired, PERSON.id, LATER);
    const lake = await fullLake();
    await erase(lake);
    const rows = await Promise.all(
      [expired, lake].map(async ({ enriched }) =>
        readRows(await readBytes(enriched, parquetKey(DAY))),
      ),
    );
    expect(rows[0]).toEqual(rows[1]);
  });

  test('a day that held nobody else has no file any more', async () => {
    const lake = stores();
    await put(lake, '1.json', envelope(message(1, { from: PERSON })));
    await runDay(lake, DAY, RUN);
    await lake.raw.delete([`telegram/context_date=${DAY}/1.json`]);
    await erase(lake, PERSON.id, LATER);
    expect(lake.enriched.everything().filter(({ key }) => key.startsWith('telegram/'))).toEqual([]);
  });

  test('of old days whose raw objects are there, forwards of the person’s words go, too', async () => {
    const lake = stores();
    const forward_origin = { type: 'user', sender_user: PERSON, date: 1 };
    await put(lake, '1.json', envelope(message(1, { text: 'ok' })));
    await put(lake, '2.json', envelope(message(2, { text: 'palavras', forward_origin })));
    await runDay(lake, DAY, RUN);
    await erase(lake, PERSON.id, LATER);
    expect(await textsOf(lake)).toEqual(['ok']);
  });
});

describe('a day that was written in shards', () => {
  const LATER = { ...RUN, now: Date.UTC(2028, 0, 1) };
  const RUN_ID = '0a1b2c';
  const part = (shard: number) => `telegram/context_date=${DAY}/part-00${shard}-${RUN_ID}.parquet`;
  const staged = (name: string) => `staging/context_date=${DAY}/${RUN_ID}/${name}`;

  /** A table with some messages, as the ETL writes it. */
  async function tableOf(updates: readonly AnyUpdate[]): Promise<Uint8Array> {
    const lake = stores();
    for (const update of updates) await put(lake, `${update.update_id}.json`, envelope(update));
    await runDay(lake, DAY, RUN);
    return readBytes(lake.enriched, parquetKey(DAY));
  }

  /** The raw objects have expired: what erases cannot make the day anew. */
  async function sharded(): Promise<Stores> {
    const lake = stores();
    const mixed = await tableOf([1, 2].map((id) => message(id, id === 1 ? {} : { from: PERSON })));
    const theirs = await tableOf([3, 4].map((id) => message(id, { from: PERSON })));
    await lake.enriched.put(part(0), mixed);
    await lake.enriched.put(part(1), theirs);
    const head = { run: RUN_ID, parts: '2', rows: '4', stored: '5', duplicates: '1' };
    const metadata = Object.fromEntries(
      Object.entries(head).map(([key, value]) => [`chatbot.${key}`, value]),
    );
    await lake.enriched.put(parquetKey(DAY), await encodeParquet(TELEGRAM_COLUMNS, [], metadata));
    return lake;
  }

  test('loses the person from its parts, which stay as many, and counts fewer rows', async () => {
    const lake = await sharded();
    const receipt = await erasePerson(lake, PERSON.id, {
      files: lake.files,
      runDay: () => Promise.resolve(),
    });
    expect(receipt.tables).toMatchObject({ files: 2, rows: 3 });
    expect(await traces(lake)).toEqual([]);
    const texts = [part(0), part(1)].map(async (key) => {
      const rows = await readRows(await readBytes(lake.enriched, key));
      return rows.map(({ text }) => text);
    });
    expect(await Promise.all(texts)).toEqual([['ok'], []]);
    const { rows, metadata } = readFooter(await readBytes(lake.enriched, parquetKey(DAY)));
    expect(rows).toBe(0);
    expect(metadata).toMatchObject({
      ...{ 'chatbot.parts': '2', 'chatbot.rows': '1' },
      ...{ 'chatbot.stored': '2', 'chatbot.duplicates': '1' },
    });
  });

  test('leaves nothing of the person in the staging, in any version', async () => {
    const lake = await fullLake();
    const theirs = await tableOf([message(1, { from: PERSON })]);
    await lake.enriched.put(staged('part-000.parquet'), theirs);
    await lake.enriched.put(staged('plan.json'), Buffer.from('{}'));
    await lake.enriched.delete([staged('part-000.parquet')]);
    // Of another day, of which nothing else is left.
    const alone = 'staging/context_date=2020-01-01/ff/part-000.parquet';
    const others = 'staging/context_date=2020-01-01/ff/part-001.parquet';
    await lake.enriched.put(alone, theirs);
    await lake.enriched.put(others, await tableOf([message(2, {})]));
    await erase(lake, PERSON.id, LATER);
    expect(await traces(lake)).toEqual([]);
    const left = lake.enriched.everything().map(({ key }) => key);
    expect(left.filter((key) => key.startsWith('staging/'))).toEqual([others]);
    expect(isNothing(await erase(lake, PERSON.id, LATER))).toBe(true);
  });
});

test('an ETL that was under way does not bring the person back', async () => {
  const lake = await fullLake();
  // The ETL has read the raw objects and is about to write, when the person is erased.
  await put(lake, '12.json', envelope(message(12, { text: 'novo' })));
  let isErased = false;
  const enriched = Object.create(lake.enriched) as VersionedStore;
  enriched.put = async (key, body, options) => {
    if (!isErased) {
      isErased = true;
      await erase(lake);
    }
    return lake.enriched.put(key, body, options);
  };
  for (const name of ['list', 'get', 'delete', 'versions', 'deleteVersions'] as const) {
    Object.assign(enriched, { [name]: lake.enriched[name].bind(lake.enriched) });
  }
  await runDay({ ...lake, enriched }, DAY, RUN);
  expect(isErased).toBe(true);
  expect(await traces(lake)).toEqual([]);
  expect(await textsOf(lake)).toContain('novo');
});

test('a day in parts loses the person’s rows in each, whether it can be made anew or not', async () => {
  for (const isExpired of [false, true]) {
    const lake = stores();
    for (const id of [1, 2, 3, 4, 5]) {
      const from = id < 3 ? PERSON : JAMES;
      await put(lake, `${id}.json`, envelope(message(id, { from, text: `zz ${id}` })));
    }
    await runDay(lake, DAY, { ...RUN, updatesPerShard: 2 });
    // What a run that died has left.
    await lake.enriched.put(`staging/context_date=${DAY}/ab/part-000.parquet`, Buffer.from('PAR1'));
    const run = isExpired ? { ...RUN, now: RUN.now + 400 * 24 * 3_600_000 } : RUN;
    if (isExpired) await lake.raw.delete([3, 4, 5].map((id) => rawKey(DAY, id)));
    await erasePerson(lake, PERSON.id, {
      ...optionsOf(lake, run),
      runDay: async (day) => {
        await runDay(lake, day, { ...run, updatesPerShard: 2 });
      },
    });
    expect(await traces(lake)).toEqual([]);
    const file = await readDayFile(lake.enriched, DAY);
    expect(file).toMatchObject({ rows: 3, summary: { stored: 3 } });
    const rows = await Promise.all(
      (file?.rowKeys ?? []).map(async (key) => readRows(await readBytes(lake.enriched, key))),
    );
    expect(rows.flat().map((row) => row['update_id'])).toEqual([3n, 4n, 5n]);
    const dead = `staging/context_date=${DAY}/ab/`;
    expect([...lake.enriched.everything()].filter(({ key }) => key.startsWith(dead))).toEqual([]);
  }
});

test('of what cannot be read, that goes in which a short number is somebody’s', async () => {
  const lake = stores();
  await put(lake, 'theirs.json', '{"update_id": 11, "message": {"from": {"id": 402, "is_bot"');
  await put(lake, 'others.json', '{"update_id": 12, "message": {"message_id": 402, "text": "402');
  const receipt = await erase(lake, 402);
  expect(receipt.raw).toEqual({ updates: 1, redacted: 0, versions: 0 });
  expect(lake.raw.everything().map(({ key }) => key.split('/').at(-1))).toContain('others.json');
});

describe('batches of many updates', () => {
  /** What stands between and around the lines must not change either. */
  const LINES = [
    '\ufeff' + JSON.stringify(message(1, { text: 'primeira' })),
    JSON.stringify(message(2, { from: PERSON, text: 'minha' })),
    '',
    `  {"update_id":3, "message":${JSON.stringify(message(3, { text: 'ç 🌻' })['message'])}}\r`,
    envelope(message(4, { text: 'oi @zz_quimera_77' })).trimEnd(),
    '{"update_id": 9007199254740993, "unknown": 1.0}',
    JSON.stringify(message(6, { from: PERSON, text: 'outra' })),
  ];
  const BROKEN = Buffer.from([0x7b, 0xff, 0xfe, 0x22, 0x0a]);

  function bytesOf(lines: readonly string[]): Buffer {
    return Buffer.concat([Buffer.from(lines.join('\n') + '\n'), BROKEN]);
  }

  const left = LINES.map((line, index) =>
    index === 1 || index === 6 ? '' : line.replace('@zz_quimera_77', '*'.repeat(14)),
  );

  /** As the writer names batches, as an import does, and as anybody might. */
  test.each(['1-9-0123456789abcdef.ndjson.gz', 'import-0a.ndjson.gz', 'all.ndjson'])(
    '%s loses the person’s lines in all versions; the others stay as they were, to the byte',
    async (name) => {
      const lake = stores();
      const isPacked = name.endsWith('.gz');
      // Packed in two pieces, one after the other, as some programs do.
      const [head, tail] = [bytesOf(LINES).subarray(0, 200), bytesOf(LINES).subarray(200)];
      const packed = Buffer.concat([gzipSync(head), gzipSync(tail)]);
      await put(lake, name, isPacked ? gzipSync(LINES.join('\n')) : LINES.join('\n'));
      await put(lake, name, isPacked ? packed : bytesOf(LINES));
      await runDay(lake, DAY, RUN);
      const receipt = await erase(lake);
      expect(await traces(lake)).toEqual([]);
      expect(receipt.raw).toEqual({ updates: 2, redacted: 1, versions: 1 });
      expect(receipt.unread).toEqual([]);
      const [object, ...more] = lake.raw.everything().filter(({ key }) => key.endsWith(name));
      expect(more).toEqual([]);
      const bytes = object?.bytes ?? Buffer.alloc(0);
      const text = (isPacked ? gunzipSync(bytes) : bytes).toString('latin1');
      expect(text).toBe(bytesOf(left).toString('latin1'));
      expect(isNothing(await erase(lake))).toBe(true);
    },
  );

  test('one in which nothing else stands goes whole', async () => {
    const lake = stores();
    const theirs = [1, 2].map((id) => envelope(message(id, { from: PERSON }))).join('');
    await put(lake, '1-2-0123456789abcdef.ndjson.gz', gzipSync(theirs));
    expect((await erase(lake)).raw).toEqual({ updates: 2, redacted: 0, versions: 0 });
    expect(lake.raw.everything().filter(({ key }) => key.startsWith('telegram/'))).toEqual([]);
  });
});

test('a packed object that is damaged is named, not passed over in silence', async () => {
  const lake = stores();
  await put(lake, 'x.ndjson.gz', gzipSync('{"update_id":1}\n').subarray(0, 15));
  const key = `telegram/context_date=${DAY}/x.ndjson.gz`;
  expect((await erase(lake)).unread).toEqual([key]);
  // So is the record of it that the ETL has put aside.
  await runDay(lake, DAY, RUN);
  expect((await erase(lake)).unread).toEqual([key, expect.stringMatching(/^rejected\//)]);
});

describe('any lake', () => {
  /** Puts the person in the place of some users, whoever they are. */
  function haunt(value: unknown, choose: () => boolean): unknown {
    if (Array.isArray(value)) return value.map((inner) => haunt(inner, choose));
    if (typeof value !== 'object' || value === null) return value;
    if ('is_bot' in value && choose()) return PERSON;
    if ('type' in value && value.type === 'private' && 'id' in value && choose()) {
      return { ...PERSON, type: 'private' };
    }
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, haunt(inner, choose)]),
    );
  }

  const haunted = fc
    .tuple(arbitraryUpdate(), fc.infiniteStream(fc.boolean()), fc.constantFrom('', 'id', 'name'))
    .map(([update, stream, mention]) => {
      const choose = (): boolean => stream.next().value === true;
      const made = haunt(structuredClone(update), choose) as AnyUpdate;
      const payload = made['message'] as Record<string, unknown> | undefined;
      if (payload && mention === 'name') payload['text'] = `viu, @${PERSON.username}?`;
      if (payload && mention === 'id') payload['caption'] = `tg://user?id=${PERSON.id}`;
      return made;
    });

  test('holds no trace after the erasure, and every update that held none, as it was', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(haunted, { minLength: 1, maxLength: 12 }),
        fc.constantFrom('.json', '.ndjson', '.ndjson.gz'),
        fc.boolean(),
        async (updates, ending, isBare) => {
          const lake = stores();
          // One whose names are known, as user names are told only by what the person does.
          const all = [message(2 ** 40, { from: PERSON }), ...updates];
          const days = new Map<string, { update: AnyUpdate; line: string }[]>();
          for (const update of all) {
            const { facts } = asUpdate(update);
            const day = dayOf(eventTime(facts.ownTime, RUN.now), ZONE);
            const line = isBare ? `${JSON.stringify(update)}\n` : envelope(update);
            days.set(day, [...(days.get(day) ?? []), { update, line }]);
          }
          for (const [day, records] of days) {
            const lines = records.map(({ line }) => line);
            if (ending === '.json') {
              for (const [index, line] of lines.entries()) {
                await put(lake, `a${index}.json`, line, day);
              }
            } else {
              const text = lines.join('');
              await put(lake, `a${ending}`, ending.endsWith('.gz') ? gzipSync(text) : text, day);
            }
            await runDay(lake, day, RUN);
          }
          const untouched = all.filter((update) => !TRACE.test(JSON.stringify(update)));

          await erase(lake);
          expect(await traces(lake)).toEqual([]);
          const left = lake.raw
            .everything()
            .map(({ key, bytes }) => (key.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString())
            .join('');
          for (const update of untouched) {
            expect(left).toContain(isBare ? JSON.stringify(update) : envelope(update));
          }
          const rows = [];
          for await (const { key } of lake.enriched.list('telegram/')) {
            rows.push(...(await readRows(await readBytes(lake.enriched, key))));
          }
          const identities = new Set(
            untouched.map((update) => `${update.update_id} ${contentHash(update)}`),
          );
          expect(rows.length).toBeGreaterThanOrEqual(identities.size);
          expect(isNothing(await erase(lake))).toBe(true);
        },
      ),
      { numRuns: 15 },
    );
  });

  test('Carol’s updates among James’s: what is left is what James wrote', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 20 }), async (areCarols) => {
        const lake = stores();
        for (const [index, isCarols] of areCarols.entries()) {
          const fields = isCarols ? { from: CAROL, chat: CAROLS_CHAT } : {};
          await put(
            lake,
            `${index}.json`,
            envelope(message(index, { ...fields, text: `t${index}` })),
          );
        }
        await runDay(lake, DAY, RUN);
        const receipt = await erase(lake, CAROL.id);
        const theirs = areCarols.flatMap((isCarols, index) => (isCarols ? [] : [`t${index}`]));
        expect(receipt.raw.updates).toBe(areCarols.length - theirs.length);
        const hasFile = theirs.length > 0;
        expect(hasFile ? await textsOf(lake) : []).toEqual(theirs);
      }),
      { numRuns: 30 },
    );
  });
});
