import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';

import { openAnalytics } from '../../src/analytics/duckdb.ts';
import { createBot } from '../../src/bot/bot.ts';
import { loadKnowledge } from '../../src/bot/knowledge.ts';
import { createNgramMatcher } from '../../src/bot/ngramMatcher.ts';
import { ensureSample } from '../../src/local/ensureSample.ts';
import { KNOWLEDGE_FOLDER, SQL_FOLDER } from '../../src/local/paths.ts';
import { makeReport } from '../../src/report/report.ts';
import { titleFinder, topicTitles } from '../../src/report/topicTitles.ts';
import {
  collectComplaints,
  findBarriers,
  findChromium,
  launchChromium,
} from '../support/browser.ts';
import { temporaryFolder } from '../support/folders.ts';
import { requirement } from '../support/requirement.ts';

const path = findChromium();
const describeWithChromium = requirement('Chromium', path !== null, 'apt install chromium');

const ZONE = 'America/Sao_Paulo';
const NOW = Date.parse('2026-11-22T15:00:00Z');

describeWithChromium('the report in a browser', () => {
  let browser: Browser;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const urls = new Map<string, string>();
  const sizes: number[] = [];

  beforeAll(async () => {
    folder = await temporaryFolder();
    const knowledge = await loadKnowledge(KNOWLEDGE_FOLDER);
    const bot = createBot({
      ...{ knowledge, matcher: createNgramMatcher(knowledge), language: 'pt', floodPerMinute: 20 },
      identity: { id: 1, username: 'folha_e_barro_bot' },
      rawRetentionDays: null,
    });
    const sample = join(folder.path, 'sample');
    await ensureSample(sample, { bot, zone: ZONE, now: NOW });
    const engine = await openAnalytics({
      enrichedFolder: join(sample, 'enriched'),
      sqlFolder: SQL_FOLDER,
    });
    for (const language of ['pt', 'en'] as const) {
      const { html } = await makeReport({
        ...{ engine, zone: ZONE, now: NOW, language, subject: '@folha_e_barro_bot' },
        period: { from: '2026-08-24', to: '2026-11-21' },
        topicTitle: titleFinder(topicTitles(knowledge)),
      });
      sizes.push(Buffer.byteLength(html));
      const file = join(folder.path, `${language}.html`);
      await writeFile(file, html);
      urls.set(language, pathToFileURL(file).href);
    }
    engine.close();
    browser = await launchChromium(path ?? '');
  });

  afterAll(async () => {
    await browser.close();
    await folder.remove();
  });

  test.each([
    ['pt', 'light', 1440],
    ['pt', 'dark', 390],
    ['en', 'dark', 1440],
    ['en', 'light', 390],
  ] as const)(
    '%s, %s, %i pixels wide: no barrier, no request, nothing out of sight',
    async (language, colorScheme, width) => {
      const page = await browser.newPage({
        viewport: { width, height: 900 },
        colorScheme,
        bypassCSP: true,
      });
      try {
        const complaints = collectComplaints(page);
        const requests: string[] = [];
        page.on('request', (request) => requests.push(request.url()));
        const url = urls.get(language) ?? '';
        await page.goto(url);
        expect(await findBarriers(page)).toEqual([]);
        expect(complaints).toEqual([]);
        expect(requests).toEqual([url]);
        const [wide, back] = await page.evaluate(() => {
          const { document, getComputedStyle } = globalThis as unknown as {
            document: { documentElement: { scrollWidth: number }; body: unknown };
            getComputedStyle: (of: unknown) => { backgroundColor: string };
          };
          return [
            document.documentElement.scrollWidth,
            getComputedStyle(document.body).backgroundColor,
          ] as const;
        });
        expect(wide).toBe(width);
        expect(back).toBe(colorScheme === 'dark' ? 'rgb(18, 21, 25)' : 'rgb(246, 247, 249)');
        // Colours by name reach the drawings.
        expect(await page.locator('svg path[fill^="var(--series"]').count()).toBeGreaterThan(50);
      } finally {
        await page.close();
      }
    },
  );

  test('fits into a mail', () => {
    expect(sizes.filter((bytes) => bytes > 2_000_000)).toEqual([]);
    expect(sizes).toHaveLength(2);
  });

  test('runs no script that somebody managed to write into it', async () => {
    const page = await browser.newPage();
    try {
      const complaints = collectComplaints(page);
      await page.goto(urls.get('en') ?? '');
      await page.evaluate(() => {
        const { document } = globalThis as unknown as {
          document: { body: { innerHTML: string; dataset: Record<string, string> } };
        };
        document.body.innerHTML += '<img src=x onerror="document.body.dataset.run=1">';
      });
      await page.waitForTimeout(100);
      expect(await page.locator('body').getAttribute('data-run')).toBeNull();
      expect(complaints.join('\n')).toMatch(/Content Security Policy/);
    } finally {
      await page.close();
    }
  });

  test('prints light, on pages of A4, without cutting a drawing', async () => {
    const page = await browser.newPage({ colorScheme: 'dark' });
    try {
      await page.goto(urls.get('pt') ?? '');
      const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString(
        'latin1',
      );
      const pages = pdf.match(/\/Type \/Page\b/g)?.length ?? 0;
      expect(pages).toBeGreaterThan(8);
      expect(pages).toBeLessThan(25);
      // A4 in points.
      expect(pdf).toMatch(/\/MediaBox \[0 0 59[45]\.\d+ 84[12]\.\d+\]/);
      await page.emulateMedia({ media: 'print' });
      const style = await page.evaluate(() => {
        const { document, getComputedStyle } = globalThis as unknown as {
          document: { body: unknown; querySelector: (what: string) => unknown };
          getComputedStyle: (of: unknown) => { backgroundColor: string; breakInside: string };
        };
        return [
          getComputedStyle(document.body).backgroundColor,
          getComputedStyle(document.querySelector('figure')).breakInside,
        ];
      });
      expect(style).toEqual(['rgb(255, 255, 255)', 'avoid']);
    } finally {
      await page.close();
    }
  });
});
