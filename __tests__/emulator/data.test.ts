import { gunzipSync, gzipSync } from 'node:zlib';

import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { runDay } from '../../functions/etl/runDay.ts';
import type { Emulator } from '../../localstack/emulator.ts';
import { s3ClientOf } from '../../localstack/miniStack.ts';
import { startEmulator, whyNot } from '../../localstack/startEmulator.ts';
import type { Output } from '../../src/cli/output.ts';
import { runCommand } from '../../src/cli/runCommand.ts';
import { bucketName } from '../../src/config/bucketNames.ts';
import { writeEnvelope } from '../../src/lake/envelope.ts';
import { openLake } from '../../src/lake/lake.ts';
import { readRows } from '../../src/lake/readParquet.ts';
import { S3Store } from '../../src/lake/s3Store.ts';
import { DAY, RUN, ZONE } from '../support/lakes.ts';
import { temporaryFolder } from '../support/folders.ts';
import { requirement } from '../support/requirement.ts';
import { CAROL, CAROLS_CHAT, JAMES, JAMES_CHAT } from '../support/updates/people.ts';

const missing = whyNot('miniStack');
const PLACE = { project: 'chatbot', stage: 'dev', account: '000000000000', region: 'us-east-1' };
const LAYERS = ['raw', 'enriched', 'results'] as const;

requirement(
  'MiniStack',
  missing === null,
  missing ?? '',
)('data on S3', () => {
  let miniStack: Emulator | undefined;
  let client: S3Client;

  beforeAll(async () => {
    miniStack = await startEmulator('miniStack');
    client = s3ClientOf(miniStack);
    for (const layer of LAYERS) {
      const Bucket = bucketName(PLACE, layer);
      await client.send(new CreateBucketCommand({ Bucket }));
      await client.send(
        new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
      );
    }
  });

  afterAll(async () => {
    client.destroy();
    await miniStack?.stop();
  });

  function store(layer: (typeof LAYERS)[number]): S3Store {
    return new S3Store({ client, bucket: bucketName(PLACE, layer) });
  }

  async function chatbot(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    let out = '';
    let err = '';
    const output: Output = {
      print: (line) => (out += `${line}\n`),
      write: (content) => (out += Buffer.from(content).toString('utf8')),
      note: (line) => (err += `${line}\n`),
      progress: () => undefined,
      isTerminal: false,
      color: false,
    };
    // The SDK takes these from the process, as the AWS tools do.
    const before = { ...process.env };
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: miniStack?.endpoint,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
    try {
      const code = await runCommand(args, {
        env: { CHATBOT_ZONE: ZONE, ...env },
        output,
        now: () => RUN.now,
        signal: new AbortController().signal,
      });
      return { code, out, err };
    } finally {
      process.env = before;
    }
  }

  function line(id: number, of: typeof CAROL | typeof JAMES, text: string): string {
    const update = {
      update_id: id,
      message: {
        message_id: id,
        date: Date.parse(`${DAY}T12:00:00-03:00`) / 1000 + id,
        from: of,
        chat: of === CAROL ? CAROLS_CHAT : JAMES_CHAT,
        text,
      },
    };
    const received_at = '2026-01-15T15:00:00.000Z';
    return writeEnvelope({ source: 'telegram', received_at, answer: null }, JSON.stringify(update));
  }

  /** What every version of every object says. */
  async function everything(): Promise<string[]> {
    const texts: string[] = [];
    for (const layer of LAYERS) {
      const Bucket = bucketName(PLACE, layer);
      const { Versions } = await client.send(new ListObjectVersionsCommand({ Bucket }));
      for (const { Key = '', VersionId } of Versions ?? []) {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
        const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
        const text = Key.endsWith('.parquet')
          ? JSON.stringify(await readRows(bytes), (_, value: unknown) =>
              typeof value === 'bigint' ? String(value) : value,
            )
          : (Key.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
        texts.push(`${layer}/${Key} ${text}`);
      }
    }
    return texts;
  }

  test('erase --on aws erases every version in all three buckets, and says how much', async () => {
    const lake = await openLake({ raw: store('raw'), enriched: store('enriched'), zone: ZONE });
    const folder = `telegram/context_date=${DAY}`;
    await lake.raw.put(`${folder}/1.json`, Buffer.from(line(1, CAROL, 'oi')));
    await lake.raw.put(`${folder}/2.json`, Buffer.from(line(2, CAROL, 'antes')));
    await runDay(lake, DAY, RUN);
    await lake.raw.put(`${folder}/2.json`, Buffer.from(line(2, JAMES, 'depois')));
    await lake.raw.put(
      `${folder}/import-x.ndjson.gz`,
      gzipSync(line(3, JAMES, 'bom dia') + line(4, CAROL, 'segredo')),
    );
    await runDay(lake, DAY, RUN);
    await store('results').put('athena/1.csv', Buffer.from('Carol'));
    await store('results').put('reports/2026-01-15.html', Buffer.from('Carol'));
    expect((await everything()).some((text) => text.includes('Carol'))).toBe(true);

    const args = ['erase', '--user', String(CAROL.id), '--on', 'aws', '--yes', '--json'];
    const { code, out } = await chatbot(args);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      user: CAROL.id,
      on: 'aws',
      raw: { updates: 2, redacted: 0, versions: 1 },
      tables: { rows: 2 },
      files: { reports: 1, results: 1 },
      unread: [],
    });
    const left = await everything();
    expect(left.filter((text) => /Carol|7311985206|segredo/.test(text))).toEqual([]);
    expect(left.filter((text) => text.includes('bom dia'))).toHaveLength(2);

    const again = await chatbot(args.slice(0, -1));
    expect(again).toMatchObject({ code: 0, out: `Nothing is here of user ${CAROL.id}.\n` });
  });

  test('import course s3:// brings in what lies under a prefix', async () => {
    const Bucket = 'course-of-somebody';
    await client.send(new CreateBucketCommand({ Bucket }));
    const course = new S3Store({ client, bucket: Bucket });
    const update = JSON.stringify(
      (JSON.parse(line(7, JAMES, 'do curso')) as { update: unknown }).update,
    );
    const folder = `backup/telegram/context_date=${DAY}`;
    await course.put(`${folder}/20260115120001000000.json`, Buffer.from(update));
    await course.put(`${folder}/20260115120003000000.json`, Buffer.from(update));
    await course.put('other/context_date=2026-01-01/x.json', Buffer.from('{}'));
    const data = await temporaryFolder();
    const from = `s3://${Bucket}/backup`;
    const { code, out } = await chatbot(['import', 'course', from], { CHATBOT_DATA: data.path });
    await data.remove();
    expect(code).toBe(0);
    expect(out).toMatch(/Found +2 raw objects of 1 day, 2026-01-15 to 2026-01-15/);
    expect(out).toMatch(/Updates +2: 1 kept, 1 stored more than once/);

    const nothing = await chatbot(['import', 'course', 's3://no-such-bucket-anywhere']);
    expect(nothing).toMatchObject({ code: 1, err: expect.stringMatching(/does not exist/) });
  });

  test('erase of a stack that is not there says so', async () => {
    const args = ['erase', '--user', '5', '--on', 'aws', '--yes'];
    expect(await chatbot(args, { CHATBOT_STAGE: 'other' })).toEqual({
      code: 1,
      out: '',
      err: expect.stringMatching(/no bucket chatbot-other-raw-000000000000.*stage.*account/),
    });
  });
});
