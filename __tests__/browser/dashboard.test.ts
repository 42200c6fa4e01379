import { cp, readFile } from 'node:fs/promises';

import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';

import type { AnalysisResult } from '../../src/local/api.ts';
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

describe('the dashboard in a browser', () => {
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
  const card = (name: string) => page.getByRole('region', { name, exact: true });
  const tile = (name: string) => page.getByRole('button', { name: new RegExp(`^${name}`) });
  const drawer = () => page.getByRole('dialog', { name: 'Rows behind the number' });
  const log = () => page.getByRole('log', { name: 'Conversation' });

  async function seeQuery(name: string, value: string | null): Promise<void> {
    await waitFor(`${name} is ${value ?? 'gone'}`, () =>
      Promise.resolve(query().get(name) === value),
    );
  }

  /** What stands on a tile, as text. */
  async function numberOf(name: string): Promise<string> {
    return (await tile(name).innerText()).split('\n')[1] ?? '';
  }

  /** What the API counts, as the page writes it. */
  async function messagesIn(period: string): Promise<string> {
    const { body } = await server.get(`/api/lakes/sample/analyses/overview?${period}`);
    return new Intl.NumberFormat('en-GB').format(Number((body as AnalysisResult).rows[0]?.[0]));
  }

  /** Clicks in the middle of a chart's height, at a part of its width. */
  async function clickChart(name: string, part: number): Promise<void> {
    const chart = card(name).getByRole('img', { name: /^Chart/ });
    await chart.locator('svg').first().waitFor();
    const box = await chart.boundingBox();
    if (!box) throw new Error(`The chart of "${name}" is not there.`);
    await page.mouse.click(box.x + box.width * part, box.y + box.height / 2);
  }

  async function saved(menu: Locator, item: string): Promise<{ name: string; bytes: Buffer }> {
    await menu.click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: item }).click(),
    ]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  }

  test('period, chats, topics and comparison stand in the URL, and Back undoes them', async () => {
    await open('/sample/analyses');
    await tile('Messages').waitFor();
    const all = await numberOf('Messages');

    await page.getByRole('button', { name: /^Period: Last 30 days/ }).click();
    await page.getByRole('button', { name: 'Last 7 days' }).click();
    await seeQuery('period', '7d');
    await waitFor('the tiles change', async () => (await numberOf('Messages')) !== all);

    // Two days in the calendar.
    await page.getByRole('button', { name: /^Period: Last 7 days/ }).click();
    await page.getByRole('button', { name: '9 November 2026', exact: true }).click();
    await page.getByRole('button', { name: '15 November 2026' }).click();
    await seeQuery('from', '2026-11-09');
    await seeQuery('to', '2026-11-15');
    await seeQuery('period', null);
    const week = await messagesIn('from=2026-11-09&to=2026-11-15');
    await waitFor('the week is counted', async () => (await numberOf('Messages')) === week);

    await page.getByRole('button', { name: 'Chats: All chats' }).click();
    await page.getByRole('combobox', { name: 'Search chats' }).fill('folha');
    await page.getByRole('option', { name: /Clientes Folha & Barro/ }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Chats: Clientes/ }).waitFor();
    expect(query().get('chats')).toMatch(/^-\d+$/);

    await page.getByRole('button', { name: 'Topics: All topics' }).click();
    await page.getByRole('combobox', { name: 'Search topics' }).fill('pix');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await seeQuery('topics', 'pix');
    // An analysis without that filter says so.
    await card('Sessions per day').getByText('Not filtered by topic').waitFor();
    await expect(card('Messages per day').getByText('Not filtered').count()).resolves.toBe(0);

    await page.getByRole('switch', { name: 'Compare' }).click({ force: true });
    await seeQuery('compare', '1');

    const before = await page.getByRole('group', { name: 'Filters' }).innerText();
    await page.reload();
    await page.getByRole('button', { name: 'Topics: Pix', exact: true }).waitFor();
    expect(await page.getByRole('group', { name: 'Filters' }).innerText()).toBe(before);

    await page.goBack();
    await seeQuery('compare', null);
    await page.goBack();
    await seeQuery('topics', null);
    await page.goBack();
    await seeQuery('chats', null);
    await waitFor('all chats are back', async () => (await numberOf('Messages')) === week);
    expect(complaints).toEqual([]);
  });

  test('from a bar to its rows, to the conversation, and back', async () => {
    await open('/sample/analyses?from=2026-10-01&to=2026-10-10');
    await clickChart('Messages per day', 0.5);
    await drawer().waitFor();
    const day = (JSON.parse(query().get('at') ?? '{}') as Record<string, string>)['context_date'];
    expect(day).toMatch(/^2026-10-0\d$/);
    const link = drawer().getByRole('link').nth(3);
    const said = await link.innerText();
    await expect(findBarriers(page)).resolves.toEqual([]);

    await link.click();
    await page.waitForURL(/\/sample\/chat\/-?\d+\?around=/);
    await log().getByText(said.slice(0, 20)).first().waitFor();
    await page
      .getByRole('complementary', { name: 'What happened' })
      .getByText(`context_date=${String(day)}`)
      .first()
      .waitFor();
    // A reload shows the same place of the conversation.
    await page.reload();
    await log().getByText(said.slice(0, 20)).first().waitFor();

    await page.goBack();
    await drawer().getByRole('link').nth(3).waitFor();
    await page.keyboard.press('Escape');
    await drawer().waitFor({ state: 'hidden' });
    expect(query().get('rows')).toBeNull();
    expect(query().get('from')).toBe('2026-10-01');
    expect(complaints).toEqual([]);
  });

  test('every number leads to its rows by keyboard, too', async () => {
    await open('/sample/analyses?period=30d&messages_per_day=table');
    await tile('Not understood').focus();
    await page.keyboard.press('Enter');
    await drawer().getByText('Did not know').first().waitFor();
    expect(query().get('number')).toBe('fallback_rate');
    await page.keyboard.press('Escape');
    await drawer().waitFor({ state: 'hidden' });

    const rows = card('Messages per day').getByRole('button', { name: /^Show the rows behind/ });
    await rows.first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await drawer().getByRole('link').first().waitFor();
    expect(query().get('at')).toContain('2026-11-19');
    expect(complaints).toEqual([]);
  });

  test('sections are a click away; cards further down ask only when they are seen', async () => {
    const asked: string[] = [];
    await open('/sample/chat');
    page.on('request', (request) => asked.push(request.url()));
    await page.getByRole('link', { name: 'Analyses' }).click();
    await card('Messages per day')
      .getByRole('img', { name: /^Chart/ })
      .waitFor();
    await page.waitForLoadState('networkidle');
    expect(asked.some((url) => url.includes('/data_quality_per_day'))).toBe(false);

    const nav = page.getByRole('navigation', { name: 'Sections' });
    await nav.getByRole('link', { name: 'Data quality' }).click();
    await card('Data quality per day')
      .getByRole('img', { name: /^Chart/ })
      .waitFor();
    await waitFor(
      'the section is marked',
      async () =>
        (await nav.getByRole('link', { name: 'Data quality' }).getAttribute('aria-current')) ===
        'true',
    );
    expect(page.url()).toContain('#quality');
    await page.reload();
    await card('Data quality per day')
      .getByRole('img', { name: /^Chart/ })
      .waitFor();
    expect(complaints).toEqual([]);
  });

  test('a card is saved as CSV, JSON, Parquet, SVG and PNG, and opens in the console', async () => {
    await open('/sample/analyses?from=2026-11-09&to=2026-11-15', { locale: 'pt-BR' });
    const menu = page.getByRole('button', { name: 'Salvar e abrir: Mensagens por dia' });
    await card('Mensagens por dia')
      .getByRole('img', { name: /^Gráfico/ })
      .waitFor();
    const name = 'messages_per_day_2026-11-09_2026-11-15';

    const csv = await saved(menu, 'CSV para planilhas');
    expect(csv.name).toBe(`${name}.csv`);
    expect(csv.bytes.toString()).toMatch(
      /^\ufeffcontext_date;message_amount\r\n2026-11-15;\d+\r\n/,
    );
    const json = await saved(menu, 'JSON');
    expect(JSON.parse(json.bytes.toString())).toHaveLength(7);
    const parquet = await saved(menu, 'Parquet');
    expect(parquet.bytes.subarray(0, 4).toString()).toBe('PAR1');
    const svg = await saved(menu, 'SVG');
    expect(svg.name).toBe(`${name}.svg`);
    expect(svg.bytes.toString()).toContain('>Mensagens por dia</text>');
    expect(svg.bytes.toString()).toContain('9 – 15 de nov. de 2026');
    const png = await saved(menu, 'PNG');
    expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
    expect(png.bytes.length).toBeGreaterThan(10_000);

    await menu.click();
    await page.getByRole('menuitem', { name: 'Abrir no console SQL' }).click();
    await page.waitForURL(/\/sample\/sql#sql=/);
    expect(decodeURIComponent(page.url())).toContain("DATE '2026-11-09' AND DATE '2026-11-15'");
    expect(complaints).toEqual([]);
  });

  test.each([
    ['from=2026-11-15&to=2026-11-09', 'The period ends before it begins.'],
    ['from=2027-01-01&to=2027-01-31', 'The period has not begun yet'],
    ['from=yesterday', 'The address names no period'],
  ])('a period that cannot be says so: %s', async (days, words) => {
    await open(`/sample/analyses?${days}`);
    await page.getByRole('alert').filter({ hasText: words }).waitFor();
    // And the way out is there.
    await page.getByRole('button', { name: /^Period/ }).click();
    await page.getByRole('button', { name: 'Last 7 days' }).click();
    await tile('Messages').waitFor();
    expect(complaints).toEqual([]);
  });

  test('a period without anything says so in each card', async () => {
    await open('/sample/analyses?from=2026-01-01&to=2026-01-07');
    await card('Messages per day').getByText('Nothing in this period').waitFor();
    expect(complaints).toEqual([]);
  });

  /** States that a screen's first look does not show. */
  const states: readonly (readonly [string, string, (() => Promise<void>) | null])[] = [
    [
      'compared, with all sections seen',
      '/sample/analyses?compare=1&messages_per_day=table&busiest_chats=table#quality',
      null,
    ],
    ['rows of updates', '/sample/analyses?rows=unanswered_questions', null],
    ['rows of sessions', '/sample/analyses?rows=sessions_per_day', null],
    ['rows of runs', '/sample/analyses?rows=data_quality_per_day', null],
    [
      'the calendar',
      '/sample/analyses',
      () => page.getByRole('button', { name: /^Per[ií]od/ }).click(),
    ],
    [
      'the list of chats',
      '/sample/analyses?chats=1',
      () => page.getByRole('button', { name: /^(Chats|Conversas): 1$/ }).click(),
    ],
  ];

  test.each(
    states.flatMap(([state, path, act]) =>
      LOOKS.map(([look, options]) => [state, look, path, act, options] as const),
    ),
  )('%s holds no barriers, %s', async (_state, _look, path, act, options) => {
    await open(path, options);
    await page.waitForLoadState('networkidle');
    await act?.();
    await page.waitForLoadState('networkidle');
    await expect(findBarriers(page)).resolves.toEqual([]);
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);
    expect(complaints).toEqual([]);
  });
});
