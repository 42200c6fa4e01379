import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { unzipSync } from 'fflate';

import { BUDGETS } from '../../scripts/budgets.ts';
import { type Bundle, bundleFunction } from '../../scripts/bundle.ts';
import { KnowledgeError } from '../../src/bot/knowledge.ts';
import { temporaryFolder } from '../support/folders.ts';
import { unpackBundle } from '../support/runBundle.ts';

const SOURCES = [
  'functions',
  'src',
  'sql',
  'knowledge',
  'scripts',
  'package.json',
  'tsconfig.json',
];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(() => folder.remove());

/** A copy of the tree at a path of its own. */
async function copy(name: string): Promise<string> {
  const root = join(folder.path, name);
  await mkdir(root, { recursive: true });
  for (const each of SOURCES) await cp(each, join(root, each), { recursive: true });
  await symlink(resolve('node_modules'), join(root, 'node_modules'), 'dir');
  return root;
}

/** Bundles a copy by its own command, in a process of its own. */
async function bundle(root: string, zone: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'scripts/bundle.ts'],
    { cwd: root, env: { ...process.env, TZ: zone } },
  );
  return stdout;
}

describe('a bundle', () => {
  test('is the same bytes wherever and whenever it is made', async () => {
    const [one, other] = [await copy('one'), await copy('elsewhere/and/deeper')];
    const printed = await bundle(one, 'UTC');
    await bundle(other, 'Asia/Tokyo');
    expect(printed).toMatch(
      /^webhook +\d+\.\d kB zipped, .*\netl +\d+\.\d kB zipped, .*\nreport +\d.*\nwriter +\d/,
    );
    for (const name of ['webhook', 'etl', 'report', 'writer'] as const) {
      const zip = await readFile(join(one, `dist/functions/${name}.zip`));
      expect(zip.equals(await readFile((await bundleFunction(name)).zip))).toBe(true);
      expect(zip.equals(await readFile(join(other, `dist/functions/${name}.zip`)))).toBe(true);
      for (const [file, bytes] of Object.entries(unzipSync(zip))) {
        expect({ file, hasPath: Buffer.from(bytes).includes(folder.path) }).toEqual({
          file,
          hasPath: false,
        });
      }
    }
  });

  test('holds code, its map and what it knows, within the budget', async () => {
    const made: Bundle[] = [
      await bundleFunction('webhook'),
      await bundleFunction('etl'),
      await bundleFunction('report'),
      await bundleFunction('writer'),
    ];
    for (const { name, codeBytes, bytes, zip } of made) {
      expect(codeBytes).toBeLessThanOrEqual(BUDGETS[name]);
      expect((await readFile(zip)).length).toBe(bytes);
    }
    const files = await Promise.all(
      made.map(async ({ zip }) => Object.keys(unzipSync(await readFile(zip)))),
    );
    expect(files).toEqual([
      ['handler.mjs', 'handler.mjs.map', 'knowledge.json', 'questions.bin'],
      ['handler.mjs', 'handler.mjs.map'],
      ['analyses.json', 'handler.mjs', 'handler.mjs.map', 'topics.json'],
      ['handler.mjs', 'handler.mjs.map'],
    ]);
  });

  test.each(['webhook', 'etl', 'report', 'writer'] as const)(
    'of the %s takes credentials from its environment, and has nothing that only slows its start',
    async (name) => {
      const files = unzipSync(await readFile((await bundleFunction(name)).zip));
      const code = Buffer.from(files['handler.mjs'] ?? []).toString();
      const holds = (text: RegExp | string) => code.search(text) !== -1;
      expect({
        environment: holds('AWS_SESSION_TOKEN'),
        machines: holds('AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'),
        profiles: holds('sso_start_url'),
        namesOfBrowsers: holds('Maxthon'),
        errorsThatNobodyNames: holds(/InvalidObjectState|InvalidResourceId|KmsThrottled/),
        ownErrors: holds('"com.amazonaws.s3#NoSuchBucket"'),
        // What is imported loads fetch and WebSocket, too.
        http: holds('"node:https"'),
        importedHttp: holds(/\b(from|import\()\s*"(node:)?https?"/),
      }).toEqual({
        environment: true,
        machines: false,
        profiles: false,
        namesOfBrowsers: false,
        errorsThatNobodyNames: false,
        ownErrors: true,
        http: true,
        importedHttp: false,
      });
    },
  );

  test.each(['webhook', 'etl', 'report', 'writer'] as const)(
    'of the %s tells errors by the lines of its sources, and by its own while its map cannot be read',
    async (name) => {
      const root = join(folder.path, name);
      await unpackBundle((await bundleFunction(name)).zip, root);
      const start = async (): Promise<string> => {
        const started = promisify(execFile)(process.execPath, ['handler.mjs'], {
          cwd: root,
          env: { PATH: process.env['PATH'] },
        });
        return started.then(
          () => 'It has started without an environment.',
          (error: unknown) => (error as { readonly stderr: string }).stderr,
        );
      };
      const told = await start();
      expect(told).toMatch(/Error: .*CHATBOT_/);
      expect(told).toMatch(/ {4}at .*src\/aws\/functionEnvironment\.ts:\d+:\d+/);
      expect(told).toMatch(new RegExp(` {4}at .*functions/${name}/lambda\\.ts:\\d+:\\d+`));
      await writeFile(join(root, 'handler.mjs.map'), '{');
      const untold = await start();
      expect(untold).toMatch(/Error: .*CHATBOT_/);
      expect(untold).toMatch(/ {4}at .*\/handler\.mjs:\d+:\d+/);
    },
  );

  test('is none while the knowledge base has a mistake', async () => {
    const root = await copy('mistaken');
    await rm(join(root, 'knowledge'), { recursive: true });
    await mkdir(join(root, 'knowledge'));
    await writeFile(join(root, 'knowledge', 'pix.yaml'), 'title: {pt: Pix}\npt: {questions: []}\n');
    await expect(bundleFunction('webhook', root)).rejects.toThrow(KnowledgeError);
    await expect(readFile(join(root, 'dist/functions/webhook.zip'))).rejects.toThrow(/ENOENT/);
  });
});
