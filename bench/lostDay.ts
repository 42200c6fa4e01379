/**
 * A day of three messages, one of them a photo, through the course's daily function and through ours,
 * over the same raw objects in the same S3. Writes docs/lost-day.md: what each said, and what there was
 * in the end. `npm run bench:lost-day`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { S3Client } from '@aws-sdk/client-s3';
import { format, resolveConfig } from 'prettier';

import { runDay } from '../functions/etl/runDay.ts';
import { dayPrefix } from '../src/lake/keys.ts';
import { openLake } from '../src/lake/lake.ts';
import { readBytes } from '../src/lake/objectStore.ts';
import { readRows } from '../src/lake/readParquet.ts';
import { S3Store } from '../src/lake/s3Store.ts';
import { PYTHON, peerVersions } from './processes.ts';
import { DAY, RUN, ZONE } from './s3/dayObjects.ts';
import { type S3Server, startS3Server } from './s3/server.ts';

const RAW = 'course-raw';
const TARGETS = { course: 'course-enriched', ours: 'our-enriched' } as const;

/** 2026-03-10 09:00 in São Paulo. */
const NINE = Date.UTC(2026, 2, 10, 12) / 1000;

const ana = { id: 7, is_bot: false, first_name: 'Ana' };
const chat = { id: 7, first_name: 'Ana', type: 'private' };
const photo = [{ file_id: 'AgACAgEAAxkB', file_unique_id: 'AQADq', width: 90, height: 67 }];
const MESSAGES = [
  { text: 'Bom dia! Vocês consertam vasos?' },
  { photo, caption: 'É este aqui' },
  { text: 'Consigo levar hoje?' },
].map((content, index) => ({
  update_id: 100 + index,
  message: { message_id: 1 + index, from: ana, chat, date: NINE + 60 * index, ...content },
}));

/** Runs the course's function. @returns what it printed and logged */
async function runCourse(server: S3Server): Promise<string> {
  const path = fileURLToPath(new URL('peers/course_lambda.py', import.meta.url));
  const child = spawn(PYTHON, [path, DAY], {
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
      AWS_S3_BUCKET: RAW,
      AWS_S3_ENRICHED: TARGETS.course,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(output);
  return output.trim();
}

/** Runs ours. @returns what became of the day, and its rows */
async function runOurs(server: S3Server): Promise<{ said: string; rows: string }> {
  const client = new S3Client({
    endpoint: server.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    forcePathStyle: true,
  });
  const lake = await openLake({
    raw: new S3Store({ client, bucket: RAW }),
    enriched: new S3Store({ client, bucket: TARGETS.ours }),
    zone: ZONE,
  });
  const { status, stored, rows, rejected, parquetKey } = await runDay(lake, DAY, RUN);
  const table = await readRows(await readBytes(lake.enriched, parquetKey));
  client.destroy();
  const columns = ['message_id', 'user_first_name', 'content_type', 'text', 'caption'] as const;
  return {
    said: JSON.stringify({ status, stored, rows, rejected }),
    rows: [
      `| ${columns.join(' | ')} |`,
      `|${'---|'.repeat(columns.length)}`,
      ...table.map(
        (row) =>
          `| ${columns.map((name) => String((row[name] as bigint | string | null) ?? '')).join(' | ')} |`,
      ),
    ].join('\n'),
  };
}

/** Keys that lie in a bucket. */
function keysIn(server: S3Server, bucket: string): string {
  const keys = [...server.written.keys()].filter((path) => path.startsWith(`${bucket}/telegram/`));
  return keys.length === 0 ? 'nothing' : keys.map((key) => `\`${key}\``).join(', ');
}

const fenced = (text: string, language = ''): string => `\`\`\`${language}\n${text}\n\`\`\``;

const server = await startS3Server();
try {
  for (const update of MESSAGES) {
    const key = `${dayPrefix(DAY)}20260310090${update.update_id}000000.json`;
    server.written.set(`${RAW}/${key}`, Buffer.from(JSON.stringify(update)));
  }
  const course = await runCourse(server);
  const ours = await runOurs(server);
  const page = [
    '# The day that a photo loses',
    fenced('npm run setup:bench && npm run bench:lost-day', 'bash'),
    `Written by the command above, which runs both over the same raw objects in an S3 of this machine (${peerVersions()}).`,
    'Ana writes, sends a photo, and writes again. A photo has no `text`, so its table has a column less.',
    fenced(
      MESSAGES.map(({ message: { message_id, ...rest } }) =>
        JSON.stringify({ message_id, ...('text' in rest ? { text: rest.text } : { photo: '…' }) }),
      ).join('\n'),
      'json',
    ),
    "## The course's function",
    'Hundreds of pipelines have it ([`bench/peers/course_lambda.py`](../bench/peers/course_lambda.py) shows what 15 public ones have in common). It joins tables by `pa.concat_tables`, which refuses those that differ. One `except Exception` catches that; to Lambda, a function that returns `False` has succeeded. It said:',
    fenced(course),
    `What lies in its bucket then: ${keysIn(server, TARGETS.course)}. The two texts are lost with the photo.`,
    '## Ours',
    'It said of the same objects:',
    fenced(ours.said, 'json'),
    `What lies in its bucket then: ${keysIn(server, TARGETS.ours)}, with these rows:`,
    ours.rows,
    'Lakes that were lost so can be brought back: their raw objects are there, and [`chatbot import course`](data-in-and-out.md) reads them.',
  ].join('\n\n');
  const target = fileURLToPath(new URL('../docs/lost-day.md', import.meta.url));
  const settings = await resolveConfig(target);
  writeFileSync(target, await format(page, { ...settings, parser: 'markdown' }));
} finally {
  await server.close();
}
