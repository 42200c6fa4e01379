import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { HOW_TO_GET_TRINO, type Trino, startTrino, whyNoTrino } from '../../localstack/trino.ts';
import { loadAnalyses } from '../../src/analytics/analyses.ts';
import { columnsRead, scannedParquet, viewQueries } from '../../src/analytics/scanned.ts';
import { withScope } from '../../src/analytics/scope.ts';
import { type MessageInput, TELEGRAM_COLUMNS } from '../../src/lake/columns.ts';
import { FolderStore } from '../../src/lake/folderStore.ts';
import { parquetKey } from '../../src/lake/keys.ts';
import { encodeParquet } from '../../src/lake/parquet.ts';
import { asUpdate } from '../../src/telegram/parseUpdate.ts';
import { temporaryFolder } from '../support/folders.ts';
import { onDemand } from '../support/onDemand.ts';
import { requirement } from '../support/requirement.ts';
import { seededRandom } from '../support/seeded/random.ts';
import { createTables, createViews } from '../support/trinoTables.ts';

/*
 * What src/analytics/scanned.ts tells by the footers is what a Trino server reads.
 */

const describeWithTrino = onDemand('trino', 'what a query reads on a Trino server', () =>
  requirement('Trino', whyNoTrino() === null, HOW_TO_GET_TRINO),
);

/** A day whose file is small enough to be read whole, and one of which only parts are read. */
const [SMALL, LARGE] = ['2026-03-01', '2026-03-02'];

const analyses = await loadAnalyses('sql');
const views = await viewQueries('sql');

/** Messages of which no two are alike, so that nothing can be packed into a dictionary. */
function messages(count: number): MessageInput[] {
  const random = seededRandom(count);
  const start = Date.UTC(2026, 2, 1, 12) / 1000;
  return Array.from({ length: count }, (_, number) => {
    const person = random.integer(1, 1_000);
    const text = Array.from({ length: 8 }, () => random.integer(0, 2 ** 31).toString(36)).join(' ');
    const { facts } = asUpdate({
      update_id: number,
      message: {
        message_id: number,
        date: start + number,
        chat: { id: person, type: 'private' },
        from: { id: person, is_bot: false, first_name: `Ana ${person}` },
        text,
      },
    });
    const receivedAt = (start + number) * 1000;
    const localTime = receivedAt + random.integer(0, 1_000_000);
    return { facts, source: 'telegram', receivedAt, localTime, questionKey: text, answer: null };
  });
}

describeWithTrino('on Trino', () => {
  const started: (() => Promise<void>)[] = [];
  let trino: Trino;
  let enriched: FolderStore;

  beforeAll(async () => {
    const folder = await temporaryFolder();
    started.push(folder.remove);
    enriched = new FolderStore(`${folder.path}/enriched`);
    for (const [day, count] of [
      [SMALL, 1_000],
      [LARGE, 120_000],
    ] as const) {
      await enriched.put(parquetKey(day), await encodeParquet(TELEGRAM_COLUMNS, messages(count)));
    }
    trino = await startTrino({ folder: folder.path });
    started.push(trino.stop);
    await createTables(trino.client, 'enriched', SMALL);
    await createViews(trino.client);
  });

  afterAll(async () => {
    for (const end of started.reverse()) await end();
  });

  /** The columns that Trino takes from the files. */
  async function columnsTaken(sql: string): Promise<readonly string[]> {
    const { rows } = await trino.client.run(`EXPLAIN ${sql}`);
    const taken = [...String(rows[0]?.[0]).matchAll(/:= (\w+):\w+:REGULAR/g)];
    const names = new Set(taken.map(([, name]) => name));
    return TELEGRAM_COLUMNS.map(({ name }) => name).filter((name) => names.has(name));
  }

  const ofTelegram = analyses.filter(({ name }) => name !== 'data_quality_per_day');

  test.each(ofTelegram.map((analysis) => ({ name: analysis.name, analysis })))(
    '$name takes the columns that are told',
    async ({ analysis }) => {
      // Asked for all that it can be: a column that only narrows is not taken otherwise.
      const sql = withScope(analysis, {
        ...(analysis.filters.includes('chats') && { chats: [1] }),
        ...(analysis.filters.includes('topics') && { topics: ['pix'] }),
      });
      expect(await columnsTaken(sql)).toEqual(columnsRead(sql, views));
    },
  );

  // Those that read the table once.
  test.each([
    'messages_per_day',
    'messages_per_user_per_day',
    'message_length_per_user_per_day',
    'messages_per_hour_and_weekday',
    'message_types',
    'words',
  ])('%s reads as much as is told', async (name) => {
    const analysis = analyses.find((one) => one.name === name);
    if (!analysis) throw new RangeError(`There is no ${name}.`);
    const columns = columnsRead(analysis.sql, views);
    for (const day of [SMALL, LARGE]) {
      const { bytesRead } = await trino.client.run(
        withScope(analysis, { period: { from: day, to: day } }),
      );
      const { bytes } = await scannedParquet(enriched, columns, [day]);
      expect({ day, ratio: Math.round((100 * bytesRead) / bytes) }).toEqual({ day, ratio: 100 });
    }
  });

  test('only the smaller file is read whole', async () => {
    const day = { small: SMALL, large: LARGE };
    const all = TELEGRAM_COLUMNS.map(({ name }) => name);
    const one = ['user_id'];
    const bytes = async (of: string, columns: readonly string[]) =>
      (await scannedParquet(enriched, columns, [of])).bytes;
    expect(await bytes(day.small, one)).toBe(await bytes(day.small, all));
    expect(await bytes(day.large, one)).toBeLessThan((await bytes(day.large, all)) / 10);
  });
});
