import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGzip } from 'node:zlib';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { dayPrefix } from '../../src/lake/keys.ts';
import { temporaryFolder } from '../support/folders.ts';
import { DAY, envelope } from '../support/lakes.ts';
import { UPDATES } from '../support/updates/fixtures.ts';

/** MiB that a run may take beyond that of a day of two lines: Node collects late, so half of what is large. */
const MORE = 200;

/** Of a line that is too long. */
const LONG_MEGABYTES = 400;

const MANY = 200_000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(() => folder.remove());

const line = (update_id: number, text = 'Bom dia!'): string =>
  envelope({ ...UPDATES.message, update_id, message: { ...UPDATES.message.message, text } });

/** Runs a day of one packed object. @returns what came of it, and the most memory in MiB */
async function run(
  name: string,
  lines: Iterable<string>,
): Promise<{ readonly rows: number; readonly rejected: number; readonly peak: number }> {
  const raw = join(folder.path, name, 'raw', dayPrefix(DAY));
  await mkdir(raw, { recursive: true });
  await mkdir(join(folder.path, name, 'enriched'));
  const target = createWriteStream(join(raw, 'lines.ndjson.gz'));
  await pipeline(Readable.from(lines), createGzip({ level: 1 }), target);
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...['--import', 'tsx', '__tests__/support/runDayAlone.ts'],
    join(folder.path, name),
  ]);
  return JSON.parse(stdout) as Awaited<ReturnType<typeof run>>;
}

/** Lines of an object, one of them broken. */
function* many(): Generator<string> {
  for (let id = 1; id <= MANY; id++) yield id === MANY / 2 ? '{"v":1,\n' : line(id);
}

/** A line as long as many objects, between two others. */
function* long(): Generator<string> {
  yield line(1);
  const [head = '', tail = ''] = line(2, '@').split('@');
  yield head;
  for (let count = 0; count < LONG_MEGABYTES; count++) yield 'x'.repeat(1_000_000);
  yield tail;
  yield line(3);
}

describe('the memory of the daily step', () => {
  test('does not grow by a line of 400 MB, nor by a day of many with one that is broken', async () => {
    const few = await run('few', [line(1), line(2)]);
    expect(few).toMatchObject({ rows: 2, rejected: 0 });

    const one = await run('long', long());
    expect(one).toMatchObject({ rows: 2, rejected: 1 });
    expect(one.peak - few.peak).toBeLessThan(MORE);

    const all = await run('many', many());
    expect(all).toMatchObject({ rows: MANY - 1, rejected: 1 });
    expect(all.peak - few.peak).toBeLessThan(MORE);
  });
});
