/**
 * Takes the README's pictures: starts the one-machine edition over a new folder, talks to the bot and
 * photographs the screens into docs/images. `npx tsx scripts/screenshots.ts` (needs Chromium on the
 * PATH or CHROMIUM_PATH, and a font with emoji).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { Browser, Page } from 'playwright-core';

import { findChromium, launchChromium } from '../__tests__/support/browser.ts';

const PORT = 18_788;
const IMAGES = fileURLToPath(new URL('../docs/images/', import.meta.url));

async function untilServed(url: string): Promise<void> {
  for (;;) {
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // Not listening yet.
    }
    await setTimeout(100);
  }
}

async function open(
  browser: Browser,
  path: string,
  colorScheme: 'dark' | 'light',
  size: { readonly width: number; readonly height: number },
): Promise<Page> {
  const context = await browser.newContext({
    locale: 'pt-BR',
    timezoneId: 'America/Sao_Paulo',
    viewport: size,
    colorScheme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${PORT}${path}`, { waitUntil: 'networkidle' });
  return page;
}

async function say(page: Page, text: string): Promise<void> {
  const answers = await page.locator('li[data-by=bot]').count();
  await page.locator('textarea:not([aria-hidden])').fill(text);
  await page.keyboard.press('Enter');
  await page.locator('li[data-by=bot]').nth(answers).waitFor();
}

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

const data = mkdtempSync(join(tmpdir(), 'screenshots-'));
const server = spawn(
  process.execPath,
  [fileURLToPath(new URL('../bin/chatbot.mjs', import.meta.url)), 'serve', '--port', String(PORT)],
  { env: { ...process.env, CHATBOT_DATA: data }, stdio: 'ignore' },
);
const exit = once(server, 'exit');
const browser = await launchChromium(findChromium() ?? 'chromium');
try {
  await untilServed(`http://127.0.0.1:${PORT}/api/status`);
  const chat = await open(browser, '/own/chat', 'light', DESKTOP);
  for (const question of ['Qual é o prazo de entrega?', 'Vocês aceitam Pix?']) {
    await say(chat, question);
  }
  await setTimeout(500);
  await chat.screenshot({ path: join(IMAGES, 'chat-light.png') });
  for (const [name, path, scheme, size] of [
    ['lake-light', '/sample/lake', 'light', DESKTOP],
    ['analyses-light', '/sample/analyses', 'light', DESKTOP],
    ['analyses-dark', '/sample/analyses', 'dark', DESKTOP],
    ['analyses-phone', '/sample/analyses', 'light', PHONE],
  ] as const) {
    const page = await open(browser, path, scheme, size);
    await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
    await setTimeout(1_000);
    await page.screenshot({ path: join(IMAGES, `${name}.png`) });
  }
} finally {
  await browser.close();
  server.kill('SIGTERM');
  await exit;
  rmSync(data, { recursive: true });
}
