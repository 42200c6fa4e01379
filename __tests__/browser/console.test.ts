import { cp, readFile } from 'node:fs/promises';

import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

import { readRows } from '../../src/lake/readParquet.ts';
import { BUILT_PAGE_FOLDER } from '../../src/local/paths.ts';
import { buildPage, pageBuildReason } from '../../src/local/pageBuild.ts';
import {
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

/** What a browser says of a query with a mistake, which the page shows by itself. */
const REFUSED = '422';

describe('the SQL console in a browser', () => {
  let place: Place;
  let server: TestServer;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    if ((await pageBuildReason()) !== null) await buildPage();
    place = await makePlace();
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

  const editor = () => page.getByRole('textbox', { name: 'Query' });
  const grid = () => page.getByRole('grid', { name: 'Result' });
  const run = () => page.getByRole('button', { name: 'Run', exact: true });

  /** Writes a query in the place of the one there is; brackets are not closed by themselves then. */
  async function write(sql: string): Promise<void> {
    await editor().click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(sql);
  }

  const queryShown = async () => (await editor().locator('.cm-line').allInnerTexts()).join('\n');

  /** The editor takes a query from elsewhere when nobody has written for a moment. */
  const seeQuery = (sql: string) =>
    waitFor(`the query ${sql}`, async () => (await queryShown()) === sql);

  test('write, run by the keyboard, see the rows; the URL and Back keep the queries', async () => {
    await open('/sample/sql');
    await run().waitFor();
    await write('SELECT 41 + 1 AS answer');
    await page.keyboard.press('Control+Enter');
    await grid().getByRole('gridcell', { name: '42' }).waitFor();
    expect(await queryShown()).toBe('SELECT 41 + 1 AS answer');
    await page.getByText(/^1 row · query took/).waitFor();

    await write('SELECT 7 AS answer');
    await run().click();
    await grid().getByRole('gridcell', { name: '7', exact: true }).waitFor();
    await page.goBack();
    await grid().getByRole('gridcell', { name: '42' }).waitFor();
    await seeQuery('SELECT 41 + 1 AS answer');
    await page.reload();
    await grid().getByRole('gridcell', { name: '42' }).waitFor();
    // What is written and not run survives a look elsewhere.
    await write('SELECT 1 AS not_run_yet');
    await page.getByRole('link', { name: 'Chat' }).click();
    await page.getByRole('log').waitFor();
    await page.getByRole('link', { name: 'SQL' }).click();
    await run().waitFor();
    expect(await queryShown()).toBe('SELECT 1 AS not_run_yet');
    expect(complaints).toEqual([]);
  });

  test('a mistake is underlined where it stands, said below, and gone with the next letter', async () => {
    await open('/sample/sql');
    await run().waitFor();
    await write('SELECT context_date,\n  nothing\nFROM messages');
    await page.keyboard.press('Control+Enter');
    const alert = page.getByRole('alert');
    await alert.getByText(/"nothing" not found/).waitFor();
    const underlined = editor().locator('.cm-lintRange-error');
    expect(await underlined.innerText()).toBe('nothing');
    expect(await findBarriers(page)).toEqual([]);

    await alert.getByRole('button', { name: 'Go to line 2, column 3' }).click();
    await page.keyboard.press('Control+Delete');
    await page.keyboard.insertText('text');
    expect(await queryShown()).toBe('SELECT context_date,\n  text\nFROM messages');
    expect(await underlined.count()).toBe(0);
    await page.keyboard.press('Control+Enter');
    await grid().waitFor();
    expect(await alert.count()).toBe(0);
    expect(complaints.filter((complaint) => !complaint.includes(REFUSED))).toEqual([]);
  });

  test('completes columns with their types, and functions with their brackets', async () => {
    await open('/sample/sql');
    await run().waitFor();
    await write('\nFROM messages');
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('SELECT answer_out', { delay: 20 });
    const option = page.getByRole('option', { name: /answer_outcome/ });
    await option.waitFor();
    expect(await option.innerText()).toContain('varchar');
    await page
      .locator('.cm-completionInfo')
      .getByText('answered, suggested, fallback, handoff or none')
      .waitFor();
    await waitFor('the column is taken', async () => {
      await page.keyboard.press('Tab');
      return (await queryShown()) === 'SELECT answer_outcome\nFROM messages';
    });
    await page.keyboard.type(', coun', { delay: 20 });
    await page.getByRole('option', { name: 'count', exact: true }).click();
    await page.keyboard.type('*');
    expect(await queryShown()).toBe('SELECT answer_outcome, count(*)\nFROM messages');
  });

  test('puts names of the tables beside it into the query', async () => {
    await open('/sample/sql');
    await run().waitFor();
    await write('SELECT ');
    const tables = page.getByRole('complementary', { name: 'Tables' });
    await tables.getByRole('searchbox', { name: 'Find a column' }).fill('first event');
    await tables.getByRole('button', { name: /^first_seen/ }).click();
    await page.keyboard.insertText(' FROM ');
    await tables.getByRole('button', { name: 'Insert users' }).click();
    expect(await queryShown()).toBe('SELECT first_seen FROM users');
    await page.keyboard.press('Control+Enter');
    await grid().getByRole('columnheader', { name: 'first_seen' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('draws only the rows in sight of thousands, and the arrow keys go through them', async () => {
    const sql =
      'SELECT a.update_id, b.update_id AS other FROM telegram a CROSS JOIN ' +
      '(SELECT update_id FROM telegram ORDER BY 1 LIMIT 5) b ORDER BY 1, 2';
    await open(`/sample/sql#sql=${encodeURIComponent(sql)}`);
    await page.getByText('The first 10,000 rows; a file has them all.').waitFor();
    expect(await grid().getAttribute('aria-rowcount')).toBe('10001');
    expect(await grid().getByRole('row').count()).toBeLessThan(60);
    await grid().focus();
    await page.keyboard.press('ArrowDown');
    const selected = grid().getByRole('gridcell', { selected: true });
    await selected.waitFor();
    await page.keyboard.press('Control+End');
    await waitFor(
      'the last row is in sight',
      async () => (await grid().locator('[aria-rowindex="10001"]').count()) > 0,
    );
    const value = await selected.innerText();
    await page.getByRole('region', { name: 'Selected value' }).getByText(value).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('Esc interrupts a query that takes too long', async () => {
    await open('/sample/sql');
    await run().waitFor();
    await write(
      'SELECT count(*) FROM telegram a, telegram b, telegram c\nWHERE a.text < b.text AND b.text < c.text',
    );
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: 'Cancel', exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('The query was interrupted').waitFor();
    await run().waitFor();
    expect(server.reports.filter(({ type }) => type === 'problem')).toEqual([]);
  });

  test('saves the result as CSV and Parquet', async () => {
    const sql = "SELECT 'ção; =1+1' AS words, 2 AS amount";
    await open(`/sample/sql#sql=${encodeURIComponent(sql)}`);
    const save = async (format: RegExp): Promise<Buffer> => {
      await page.getByRole('button', { name: 'Save as' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: format }).click(),
      ]);
      return readFile(await download.path());
    };
    expect((await save(/^CSV/)).toString()).toBe('\ufeffwords,amount\r\nção; =1+1,2\r\n');
    const rows = await readRows(new Uint8Array(await save(/^Parquet/)));
    expect(rows).toEqual([{ words: 'ção; =1+1', amount: 2n }]);
    expect(complaints).toEqual([]);
  });

  test('remembers the queries that were run, and forgets them when it is told to', async () => {
    await open('/own/sql');
    await run().click();
    await page.getByText('The query gave no rows').waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'History' }).click();
    const past = page.getByRole('menuitem', { name: /count\(\*\) AS messages.*Mine · 0 rows/s });
    await past.waitFor();
    await page.getByRole('menuitem', { name: 'Forget all' }).click();
    await page.getByRole('button', { name: 'History' }).click();
    await page.getByText('They stay in this browser.').waitFor();
    // What is damaged in the storage is as good as nothing.
    await page.evaluate(() => {
      localStorage.setItem('console.history', '[{"sql":1},"x",null]');
    });
    await page.goto(`${server.url}/own/sql`);
    await page.getByRole('button', { name: 'History' }).click();
    await page.getByText('They stay in this browser.').waitFor();
    expect(complaints).toEqual([]);
  });

  test('opens the query of an analysis, its days in place', async () => {
    await open('/sample/analyses?from=2026-01-01&to=2026-01-31');
    await page
      .getByRole('button', { name: /Messages per day/ })
      .first()
      .click();
    await page.getByRole('menuitem', { name: /console/i }).click();
    await run().waitFor();
    expect(await queryShown()).toContain(
      "context_date BETWEEN DATE '2026-01-01' AND DATE '2026-01-31'",
    );
    await page.getByText('The query gave no rows').waitFor();
    // Nothing of it is sent to the server when the page is loaded again.
    expect(new URL(page.url()).search).toBe('');
    await page.reload();
    await page.getByText('The query gave no rows').waitFor();
  });

  test.each([
    ['light', 'pt-BR', 'Executar', 'Tabelas', 'Fechar'],
    ['dark', 'en-GB', 'Run', 'Tables', 'Close'],
  ] as const)(
    'on a phone, %s, %s: nothing is cut off, the tables come when they are called',
    async (colorScheme, locale, runs, tables, close) => {
      await open('/sample/sql', { ...TELEPHONE, colorScheme, locale });
      await page.getByRole('button', { name: runs, exact: true }).click();
      await page.getByRole('grid').waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(
        TELEPHONE.viewport.width,
      );
      // Numbers stand beside their lines, also where a line takes two.
      const topsOf = (selector: string) =>
        page.evaluate(
          `[...document.querySelectorAll('${selector}')].filter((e) => e.offsetHeight > 0).map((e) => e.getBoundingClientRect().top)`,
        );
      expect(await topsOf('.cm-lineNumbers .cm-gutterElement')).toEqual(await topsOf('.cm-line'));
      expect(await findBarriers(page)).toEqual([]);
      await page.getByRole('button', { name: tables, exact: true }).click();
      const drawer = page.getByRole('dialog', { name: tables });
      await drawer.getByRole('button', { name: /^user_first_name/ }).waitFor();
      expect(await findBarriers(page)).toEqual([]);
      await drawer.getByRole('button', { name: close }).click();
      await drawer.waitFor({ state: 'detached' });
      expect(complaints).toEqual([]);
    },
  );
});
