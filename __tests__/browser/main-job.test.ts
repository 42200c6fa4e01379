import { cp } from 'node:fs/promises';

import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

import { BUILT_PAGE_FOLDER } from '../../src/local/paths.ts';
import { buildPage, pageBuildReason } from '../../src/local/pageBuild.ts';
import {
  LOOKS,
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

describe('the page in a browser', () => {
  let place: Place;
  let server: TestServer;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    if ((await pageBuildReason()) !== null) await buildPage();
    place = await makePlace();
    // A copy: somebody may build the page while it is being tested.
    await cp(BUILT_PAGE_FOLDER, place.pageFolder, { recursive: true });
    server = await startTestServer(place, { now: Date.now });
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

  const conversation = () => page.getByRole('log', { name: 'Conversation' });
  const card = () => page.getByRole('region', { name: 'Messages per day' });

  /** Waits until the chart's tooltip says this number of messages over its last day. */
  async function seeLastDay(messages: number): Promise<void> {
    const chart = card().getByRole('img', { name: /^Chart/ });
    await chart.locator('svg').first().waitFor();
    await waitFor(`the chart shows ${messages}`, async () => {
      const box = await chart.boundingBox();
      if (!box) return false;
      await page.mouse.move(0, 0);
      await page.mouse.move(box.x + box.width - 24, box.y + box.height / 2);
      return new RegExp(`Messages\\s*${messages}$`).test(await chart.innerText());
    });
  }

  async function closeDay(rows: string): Promise<void> {
    await page.getByRole('button', { name: 'Close today' }).click();
    await page
      .getByRole('status')
      .filter({ hasText: `${rows}, ` })
      .waitFor();
  }

  async function say(words: string): Promise<void> {
    await page.getByRole('textbox', { name: 'Message' }).fill(words);
    await page.keyboard.press('Enter');
    await conversation().getByText(words, { exact: true }).waitFor();
  }

  test('open, talk, get an answer, close the day, see the number in the chart change', async () => {
    await open('/');
    // The sample is alive, and one click away from one's own lake.
    await page.getByText('Sample: invented conversations').waitFor();
    await page.getByRole('link', { name: 'Go to my lake' }).click();
    await page.getByRole('heading', { name: 'Your own lake is empty' }).waitFor();

    await say('Do you accept Pix?');
    await conversation()
      .getByText(/QR code/)
      .waitFor();
    const panel = page.getByRole('complementary', { name: 'What happened' });
    await panel
      .getByText(/700000001\.json/)
      .first()
      .waitFor();
    await panel.getByText('Not yet in the table').waitFor();

    await page.getByRole('link', { name: 'Analyses' }).click();
    await closeDay('1 row');
    await seeLastDay(1);

    await page.getByRole('link', { name: 'Chat' }).click();
    await say('Where is the shop?');
    await page.getByRole('link', { name: 'Analyses' }).click();
    await page.getByText('1 update of today is not in the table yet').waitFor();
    await seeLastDay(1);
    await closeDay('2 rows');
    await seeLastDay(2);

    // And the message has its row.
    await page.getByRole('link', { name: 'Chat' }).click();
    await panel.getByText('answer_intent').waitFor();
    // A reload changes nothing.
    const before = await conversation().innerText();
    await page.reload();
    await conversation().getByText('Where is the shop?', { exact: true }).waitFor();
    await expect(conversation().innerText()).resolves.toBe(before);
    expect(complaints).toEqual([]);
  });

  test('a customer in a group: mention, button, edit, reaction, photo, sticker', async () => {
    await open('/own/chat/-1009900000001');
    await say('/help@folha_e_barro_bot');
    await conversation().getByRole('button', { name: 'Pix', exact: true }).first().click();
    await conversation()
      .getByText(/tapped “Pix”/)
      .waitFor();

    await page.getByRole('button', { name: 'Sticker' }).click();
    await page.getByRole('menuitem', { name: 'Send sticker 🎉' }).click();
    await conversation().getByText('🎉').waitFor();

    await page.getByRole('button', { name: 'Attach or join' }).click();
    await page.getByRole('menuitem', { name: 'Photo' }).click();
    await say('Arrived like this');
    await conversation().getByText('Photo', { exact: true }).waitFor();

    await say('Thank yuo');
    await page.keyboard.press('ArrowUp');
    await say('Thank you');
    await conversation()
      .getByRole('button', { name: /^Edited/ })
      .waitFor();

    await page.getByRole('button', { name: 'Message actions' }).last().click();
    await page.getByRole('menuitem', { name: 'React with 👍' }).click();
    await conversation()
      .getByRole('button', { name: /^Reaction 👍/ })
      .waitFor();
    expect(complaints).toEqual([]);
  });

  const screens = [
    '/sample/chat',
    '/sample/analyses',
    '/own/chat/990000000001',
    '/own/chat/-1009900000001',
    '/own/analyses',
  ];
  const shown = LOOKS.flatMap(([look, options]) =>
    screens.map((path) => [path, look, options] as const),
  );

  test.each(shown)('%s holds no barriers and no errors, %s', async (path, _, options) => {
    await open(path, options);
    await page.waitForLoadState('networkidle');
    await expect(findBarriers(page)).resolves.toEqual([]);
    // Nothing is wider than the screen.
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);
    expect(complaints).toEqual([]);
  });
});
