/**
 * Fills the block of docs/lake.md that says what the refined layer saves:
 * `npx tsx scripts/scanned-docs.ts`. It makes days of three sizes, raw objects by the bot's real
 * decisions and Parquet files by the real ETL, and tells what Athena reads of them.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { seeded, updates } from '../bench/events.ts';
import { runDay } from '../functions/etl/runDay.ts';
import { loadAnalyses } from '../src/analytics/analyses.ts';
import {
  type Scan,
  columnsRead,
  scannedParquet,
  scannedRaw,
  viewQueries,
} from '../src/analytics/scanned.ts';
import { scanPrice } from '../src/analytics/scanPrice.ts';
import { createBot } from '../src/bot/bot.ts';
import { loadKnowledge } from '../src/bot/knowledge.ts';
import { createNgramMatcher } from '../src/bot/ngramMatcher.ts';
import { type Answer, writeEnvelope } from '../src/lake/envelope.ts';
import { FolderStore } from '../src/lake/folderStore.ts';
import { dayPrefix } from '../src/lake/keys.ts';
import { KNOWLEDGE_FOLDER, SQL_FOLDER } from '../src/local/paths.ts';
import { parseUpdate } from '../src/telegram/parseUpdate.ts';
import { markdownTable, writeBlocks } from './markdown.ts';

const PAGE = 'docs/lake.md';
const ZONE = 'America/Sao_Paulo';
const DAY = '2026-03-10';
/** 2026-03-10 00:10 in São Paulo. */
const START = Date.UTC(2026, 2, 10, 3, 10) / 1000;
/** What an analysis reads as it stands. */
const DAYS = 90;
/** Messages a day. */
const SIZES = [1_000, 10_000, 100_000] as const;

/** A bot, and what its knowledge base's customers ask. */
async function makeBot() {
  const knowledge = await loadKnowledge(KNOWLEDGE_FOLDER);
  const bot = createBot({
    knowledge,
    matcher: createNgramMatcher(knowledge),
    identity: { id: 1, username: 'example_bot' },
    language: 'pt',
    floodPerMinute: Number.MAX_SAFE_INTEGER,
    rawRetentionDays: null,
  });
  const questions = [...knowledge.topics.values()].flatMap(({ speech }) =>
    Object.values(speech).flatMap((spoken) => spoken.questions),
  );
  return { bot, questions };
}

/**
 * The envelopes of a day: each message is a question of the knowledge base with some words more, so
 * that hardly any two are alike, and the answer is what the bot says to the question.
 */
async function envelopes(messages: number): Promise<string[]> {
  const { bot, questions } = await makeBot();
  const words = questions.flatMap((question) => question.split(' '));
  const random = seeded(messages);
  const pick = (texts: readonly string[]): string =>
    texts[Math.floor(random() * texts.length)] ?? '';
  const decided = new Map<string, Answer | null>();
  return Array.from(updates(messages, START), (json) => {
    const question = pick(questions);
    const { facts } = parseUpdate(json);
    const receivedAt = (facts.date ?? START) * 1000 + 400;
    const withText = (text: string): string =>
      json.replace(
        /("(?:text|caption)":)"[^"]*"/,
        (_, field: string) => field + JSON.stringify(text),
      );
    let answer = decided.get(question);
    if (answer === undefined) {
      const asked = parseUpdate(withText(question));
      answer = bot.decide({ update: asked.update, facts: asked.facts, receivedAt });
      decided.set(question, answer);
    }
    const more = Array.from({ length: Math.floor(random() * 9) }, () => pick(words));
    const received_at = new Date(receivedAt).toISOString();
    return writeEnvelope(
      { source: 'telegram', received_at, answer: answer && { ...answer, ms: random() } },
      withText([question, ...more].join(' ')),
    );
  });
}

/** A day of so many messages: its raw objects, and what the ETL makes of them. */
async function makeDay(folder: string, messages: number) {
  const raw = new FolderStore(join(folder, 'raw'));
  const enriched = new FolderStore(join(folder, 'enriched'));
  // One object instead of thousands: Athena reads as many bytes either way.
  const lines = await envelopes(messages);
  await raw.put(`${dayPrefix(DAY)}day.ndjson`, Buffer.from(lines.join('\n')));
  const now = (START + 90_000) * 1000;
  await runDay({ raw, enriched, zone: ZONE }, DAY, { now, rawRetentionDays: 365 });
  return { raw, enriched };
}

function size(bytes: number): string {
  const [amount, unit] = bytes < 1e9 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB'];
  return `${amount.toPrecision(3)} ${unit}`;
}

/** 90 days like this one. */
const inAll = ({ bytes }: Scan): number => bytes * DAYS;

const dollars = (bytes: number): string => `${scanPrice(bytes).toPrecision(2)} $`;

const analyses = (await loadAnalyses(SQL_FOLDER)).slice(0, 4);
const views = await viewQueries(SQL_FOLDER);
const rows: string[][] = [];
for (const messages of SIZES) {
  const folder = await mkdtemp(join(tmpdir(), 'scanned-'));
  try {
    const { raw, enriched } = await makeDay(folder, messages);
    const rawBytes = inAll(await scannedRaw(raw, [DAY]));
    for (const { name, sql } of analyses) {
      const bytes = inAll(await scannedParquet(enriched, columnsRead(sql, views), [DAY]));
      rows.push([
        messages.toLocaleString('en'),
        `\`${name}\``,
        size(rawBytes),
        size(bytes),
        `${Math.round(rawBytes / bytes)} ×`,
        dollars(rawBytes),
        dollars(bytes),
      ]);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}
await writeBlocks(PAGE, {
  scanned: markdownTable(
    ['messages a day', 'analysis', 'raw JSON', 'Parquet', 'less', 'price, raw', 'price, Parquet'],
    rows,
  ),
});
