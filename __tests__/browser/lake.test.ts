import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

import { writeEnvelope } from '../../src/lake/envelope.ts';
import type { LakeDays } from '../../src/local/api.ts';
import { BUILT_PAGE_FOLDER } from '../../src/local/paths.ts';
import { buildPage, pageBuildReason } from '../../src/local/pageBuild.ts';
import {
  LOOKS,
  TELEPHONE,
  collectComplaints,
  findBarriers,
  findChromium,
  launchChromium,
} from '../support/browser.ts';
import { makePlace, type Place, startTestServer, type TestServer } from '../support/localServer.ts';
import { requirement } from '../support/requirement.ts';
import { waitFor } from '../support/waitFor.ts';

const chromium = findChromium();
const describe = requirement(
  'Chromium',
  chromium !== null,
  'install chromium or google-chrome, or name it in CHROMIUM_PATH.',
);

const DAY = '2026-11-10';

/** An envelope of a message, sent at noon of that day. */
function message(updateId: number, text: string): string {
  const at = `${DAY}T15:00:00.000Z`;
  const update = {
    update_id: updateId,
    message: {
      message_id: updateId,
      date: Date.parse(at) / 1000,
      chat: { id: 77, type: 'private', first_name: 'Rosa' },
      from: { id: 77, is_bot: false, first_name: 'Rosa' },
      text,
    },
  };
  return writeEnvelope(
    { source: 'telegram', received_at: at, answer: null },
    JSON.stringify(update),
  );
}

describe('the lake in a browser', () => {
  let place: Place;
  let server: TestServer;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    if ((await pageBuildReason()) !== null) await buildPage();
    place = await makePlace();
    await cp(BUILT_PAGE_FOLDER, place.pageFolder, { recursive: true });
    // The sample lake, 60 days up to 20 November, is the same at each run.
    server = await startTestServer(place);
    browser = await launchChromium(chromium ?? '');
  });

  afterAll(async () => {
    await browser.close();
    await server.close();
    await place.remove();
  });

  async function open(path: string, options: BrowserContextOptions = {}): Promise<void> {
    const context = await browser.newContext({
      locale: 'en-GB',
      timezoneId: 'Asia/Tokyo',
      viewport: { width: 1440, height: 900 },
      reducedMotion: 'reduce',
      ...options,
    });
    page = await context.newPage();
    page.setDefaultTimeout(120_000);
    complaints = collectComplaints(page);
    await page.goto(server.url + path);
  }

  afterEach(async () => {
    await page.context().close();
  });

  const query = () => new URL(page.url()).searchParams;
  const strip = () => page.getByRole('navigation', { name: 'Days of the lake' });
  const tab = (name: string) =>
    page.getByRole('navigation', { name: 'Parts of the day' }).getByRole('link', { name });
  const records = () => page.getByRole('list', { name: 'Records' }).getByRole('link');
  const pane = (name = 'Record') => page.getByRole('complementary', { name, exact: true });

  async function seeQuery(name: string, value: string | null): Promise<void> {
    await waitFor(`${name} is ${value ?? 'gone'}`, () =>
      Promise.resolve(query().get(name) === value),
    );
  }

  async function put(name: string, body: string): Promise<void> {
    const path = join(place.folders.own, 'raw', `telegram/context_date=${DAY}`, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, body);
  }

  async function messagesOf(day: string, lake: string): Promise<number | null | undefined> {
    const { body } = await server.get(`/api/lakes/${lake}/days`);
    return (body as LakeDays).days.find((one) => one.day === day)?.messages;
  }

  test('an empty lake leads on', async () => {
    await open('/own/lake');
    await page.getByText('This lake is still empty').waitFor();
    await expect(findBarriers(page)).resolves.toEqual([]);
    await page.getByRole('link', { name: 'Look at the sample lake' }).click();
    await page.waitForURL(/\/sample\/lake$/);
    await strip().waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'Talk to the bot' }).click();
    await page.waitForURL(/\/own\/chat/);
    expect(complaints).toEqual([]);
  });

  test('from all days to a day, to a record with its JSON, to the conversation, and back', async () => {
    await open('/sample/lake');
    await strip()
      .getByRole('link', { name: /^Fri, 20 Nov 2026/ })
      .waitFor();
    await page.getByRole('heading', { name: 'What the refined layer saves' }).waitFor();
    await page
      .getByRole('row', { name: /^Messages per day/ })
      .getByText('US$')
      .first()
      .waitFor();

    const count = await messagesOf('2026-11-10', 'sample');
    await strip()
      .getByRole('link', { name: `Tue, 10 Nov 2026 · ${String(count)} messages · closed` })
      .click();
    await seeQuery('day', '2026-11-10');
    await page.getByRole('heading', { name: 'Tue, 10 Nov 2026' }).waitFor();
    // The one packed object is opened, and its first line shown.
    await records().first().waitFor();
    await pane().getByText('"update_id"').first().waitFor();
    await expect(records().count()).resolves.toBe(100);

    const third = records().nth(2);
    const said = (await third.innerText()).split('\n');
    await third.click();
    await seeQuery('line', '2');
    await pane().getByText('sample.ndjson.gz').first().waitFor();
    await page.reload();
    await waitFor(
      'the record is still marked',
      async () => (await records().nth(2).getAttribute('aria-current')) === 'true',
    );
    await page
      .getByRole('navigation', { name: 'Pages' })
      .getByRole('link', { name: 'Next page' })
      .click();
    await seeQuery('page', '2');
    await page.goBack();
    await seeQuery('page', null);

    await pane().getByRole('link', { name: 'Open the conversation' }).click();
    await page.waitForURL(/\/sample\/chat\/-?\d+\?around=/);
    await page.getByRole('log', { name: 'Conversation' }).waitFor();
    await page.goBack();
    await waitFor(
      'the same record is shown',
      async () => (await records().nth(2).innerText()) === said.join('\n'),
    );
    await page.goBack();
    await seeQuery('line', null);
    await page.goBack();
    await seeQuery('day', null);
    await page.getByRole('heading', { name: 'Needs attention' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('the file shows its columns, row groups and runs, and its rows in a grid', async () => {
    await open('/sample/lake?day=2026-11-20');
    await tab('File').click();
    await seeQuery('tab', 'file');
    const columns = page.getByRole('table').first();
    await columns.getByRole('row', { name: /^update_id bigint Telegram's number/ }).waitFor();
    await page.getByText('ZSTD').first().waitFor();
    await page.getByRole('region', { name: 'Row groups' }).getByRole('row').nth(1).waitFor();
    await page
      .getByRole('region', { name: 'Runs of the daily step' })
      .getByRole('row')
      .nth(1)
      .waitFor();

    await tab('Rows').click();
    const grid = page.getByRole('grid', { name: 'Rows of the day' });
    await grid.getByRole('gridcell').first().waitFor();
    await grid.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.getByRole('region', { name: 'Selected value' }).getByText('user_id').waitFor();
    // Another day keeps the part that is looked at.
    await page.getByRole('link', { name: 'Day before' }).click();
    await seeQuery('day', '2026-11-19');
    expect(query().get('tab')).toBe('rows');
    await grid.getByRole('gridcell').first().waitFor();
    await page.getByRole('link', { name: 'Ask about them in SQL' }).click();
    await page.waitForURL(/\/sample\/sql#sql=/);
    expect(complaints).toEqual([]);
  });

  test('days and records are walked through by keyboard', async () => {
    await open('/sample/lake?day=2026-11-18');
    await records().first().waitFor();
    const current = strip().locator('[aria-current]');
    await current.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await seeQuery('day', '2026-11-19');
    await records().first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await seeQuery('line', '2');
    expect(complaints).toEqual([]);
  });

  test('a day is closed; what was rejected shows its reason, is mended and comes back', async () => {
    await put('1.json', message(1, 'Olá'));
    await put('4.json', message(4, 'cut off').slice(0, 60));
    await open('/own/lake');
    await page
      .getByRole('link', { name: /^Tue, 10 Nov 2026.*open/ })
      .first()
      .click();
    await page.getByText('It has raw objects and no Parquet file yet.').waitFor();
    await page.getByRole('button', { name: 'Close this day' }).click();
    await page.getByText(/^1 row, .* · 1 rejected$/).waitFor();
    await page.getByText('The day is over, and its file holds everything of it.').waitFor();

    // What cannot be read says so among the raw objects, too.
    await records().filter({ hasText: 'Cannot be read' }).click();
    await pane().getByRole('link', { name: 'Go to Rejected' }).click();
    await seeQuery('tab', 'rejected');
    const rejected = pane('Rejected record');
    await rejected.getByText(/^it is not JSON/).waitFor();
    await rejected.getByText('It is not JSON yet').waitFor();

    await rejected.getByRole('button', { name: 'Replay as it is' }).click();
    await page.getByRole('status').getByText('1 record still cannot be read:').waitFor();

    await rejected.getByRole('textbox', { name: 'What came' }).fill(message(4, 'mended'));
    await rejected.getByText('It is JSON', { exact: true }).waitFor();
    await rejected.getByRole('button', { name: 'Replay mended' }).click();
    await page.getByRole('status').getByText('1 record is back in the raw layer.').waitFor();
    await page
      .getByRole('status')
      .getByText(/^10 Nov was closed again: 2 rows,/)
      .waitFor();
    await page.getByText('Nothing of this day was rejected').waitFor();
    await expect(messagesOf(DAY, 'own')).resolves.toBe(2);

    await page.getByRole('link', { name: 'Show it' }).click();
    await pane().getByText('"mended"').waitFor();
    expect(complaints).toEqual([]);
  });

  test('what comes while one looks is there at once', async () => {
    await open('/own/lake?day=2026-11-21');
    await page.getByText('The lake holds nothing of this day.').waitFor();
    const { body } = await server.get('/api/lakes/own/chats');
    const chats = (body as { chats: { id: number; people: { id: number }[] }[] }).chats;
    const chat = chats.find(({ people }) => people.length === 1);
    await server.post(`/api/lakes/own/chats/${String(chat?.id)}/actions`, {
      ...{ type: 'text', personId: chat?.people[0]?.id, text: 'Bom dia do teste' },
    });
    await records().filter({ hasText: 'Bom dia do teste' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('an address that names no day says so; on a telephone a record lies over the list', async () => {
    await open('/sample/lake?day=2026-02-30', TELEPHONE);
    await page.getByRole('alert').filter({ hasText: 'The address names no day.' }).waitFor();
    await page.getByRole('link', { name: /^Fri, 20 Nov 2026/ }).click();
    await records().nth(1).click();
    const drawer = page.getByRole('dialog', { name: 'Record' });
    await drawer.getByText('"update_id"').first().waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
    expect(query().get('record')).toBeNull();
    expect(complaints).toEqual([]);
  });

  const record = 'record=telegram%2Fcontext_date%3D2026-11-20%2Fsample.ndjson.gz&line=2';
  const states: readonly (readonly [string, string])[] = [
    ['all days', '/sample/lake'],
    ['all days of a lake with rejected records', '/own/lake'],
    ['raw objects', '/sample/lake?day=2026-11-20'],
    ['a record', `/sample/lake?day=2026-11-20&${record}`],
    ['rows', '/sample/lake?day=2026-11-20&tab=rows'],
    ['the file', '/sample/lake?day=2026-11-20&tab=file'],
    ['what was rejected', `/own/lake?day=${DAY}&tab=rejected`],
    ['a day without anything', '/sample/lake?day=2026-01-01&tab=file'],
  ];

  test.each(
    states.flatMap(([state, path]) =>
      LOOKS.map(([look, options]) => [state, look, path, options] as const),
    ),
  )('%s holds no barriers, %s', async (_state, _look, path, options) => {
    await put('5.json', '{"v":1,');
    await server.post('/api/lakes/own/close', { day: DAY });
    await open(path, options);
    await page.waitForLoadState('networkidle');
    await expect(findBarriers(page)).resolves.toEqual([]);
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);
    expect(complaints).toEqual([]);
  });
});
