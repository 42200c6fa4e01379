import { cp, rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { openAnalytics } from '../../../src/analytics/duckdb.ts';
import type { Engine } from '../../../src/analytics/engine.ts';
import { RUNS_COLUMNS, TELEGRAM_COLUMNS } from '../../../src/lake/columns.ts';
import type { MessageInput } from '../../../src/lake/columns.ts';
import { FolderStore } from '../../../src/lake/folderStore.ts';
import { parquetKey, runsPrefix } from '../../../src/lake/keys.ts';
import { encodeParquet } from '../../../src/lake/parquet.ts';
import { asUpdate } from '../../../src/telegram/parseUpdate.ts';
import { temporaryFolder } from '../../support/folders.ts';

const PERIOD = { from: '2026-01-01', to: '2026-12-31' };

/** A text message as a row. */
function row(updateId: number, text: string): MessageInput {
  const date = Date.UTC(2026, 0, 15, 15) / 1000;
  const { facts } = asUpdate({
    update_id: updateId,
    message: {
      ...{ message_id: updateId, date, text },
      chat: { id: 7, type: 'private', first_name: 'Ana' },
      from: { id: 7, is_bot: false, first_name: 'Ana' },
    },
  });
  const [receivedAt, localTime] = [date * 1000 + 321, (date - 3 * 3600) * 1000];
  return { facts, source: 'telegram', receivedAt, localTime, questionKey: null, answer: null };
}

describe('openAnalytics', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: FolderStore;
  let analytics: Engine;

  beforeEach(async () => {
    folder = await temporaryFolder();
    store = new FolderStore(`${folder.path}/enriched`);
    analytics = await openAnalytics({
      // There is no such folder yet, as in a lake where no day was closed.
      enrichedFolder: `${folder.path}/enriched`,
      sqlFolder: 'sql',
    });
  });

  afterEach(async () => {
    analytics.close();
    await folder.remove();
  });

  const putDay = async (day: string, rows: readonly MessageInput[], columns = TELEGRAM_COLUMNS) =>
    store.put(parquetKey(day), await encodeParquet(columns, rows));

  const perDay = async () =>
    (await analytics.runAnalysis('messages_per_day', { period: PERIOD })).rows;

  test('an empty lake has all tables and columns, and no rows', async () => {
    expect(await perDay()).toEqual([]);
    const telegram = await analytics.run('SELECT * FROM telegram');
    expect(telegram.columns).toEqual([...TELEGRAM_COLUMNS.map(({ name }) => name), 'context_date']);
    for (const view of ['messages', 'latest_messages']) {
      const { columns } = await analytics.run(`SELECT * FROM ${view}`);
      expect(columns).toEqual(telegram.columns);
    }
    const runs = await analytics.run('SELECT * FROM runs');
    expect(runs.columns).toEqual([...RUNS_COLUMNS.map(({ name }) => name), 'context_date']);
    const overview = await analytics.runAnalysis('overview', { period: PERIOD });
    expect(overview.rows).toEqual([[0, 0, 0, null, null, null, null]]);
  });

  test('days that come, are replaced and go are seen by the next query', async () => {
    await putDay('2026-01-15', [row(1, 'um')]);
    expect(await perDay()).toEqual([['2026-01-15', 1]]);
    await putDay('2026-01-15', [row(1, 'um'), row(2, 'dois')]);
    await putDay('2026-01-16', [row(3, 'tres')]);
    expect(await perDay()).toEqual([
      ['2026-01-16', 1],
      ['2026-01-15', 2],
    ]);
    await store.delete([parquetKey('2026-01-15'), parquetKey('2026-01-16')]);
    expect(await perDay()).toEqual([]);
    await putDay('2026-01-17', [row(4, 'quatro')]);
    expect(await perDay()).toEqual([['2026-01-17', 1]]);
  });

  test('a day of an older column list has nulls in the columns it lacks', async () => {
    await putDay('2026-01-15', [row(1, 'um')], TELEGRAM_COLUMNS.slice(0, 16));
    const alone = await analytics.run('SELECT text, source FROM messages');
    expect(alone.rows).toEqual([['um', null]]);
    await putDay('2026-01-16', [row(2, 'dois')]);
    const both = await analytics.run('SELECT text, source FROM messages ORDER BY context_date');
    expect(both.rows).toEqual([
      ['um', null],
      ['dois', 'telegram'],
    ]);
  });

  test('values are numbers, days YYYY-MM-DD and moments without zone', async () => {
    await putDay('2026-01-15', [row(1, 'um')]);
    const { columns, types, rows, ms } = await analytics.run(
      'SELECT user_id, user_is_bot, text, received_at, local_time, context_date, caption,' +
        ' sum(text_length) AS total, 9007199254740993 AS big, 1.5e0 AS half FROM messages' +
        ' GROUP BY 1, 2, 3, 4, 5, 6, 7',
    );
    expect(columns).toContain('total');
    expect(types).toEqual([
      ...['bigint', 'boolean', 'varchar', 'timestamp', 'timestamp', 'date', 'varchar'],
      ...['bigint', 'bigint', 'double'],
    ]);
    expect(rows).toEqual([
      [
        ...[7, false, 'um', '2026-01-15T15:00:00.321', '2026-01-15T12:00:00', '2026-01-15', null],
        ...[2, '9007199254740993', 1.5],
      ],
    ]);
    expect(ms).toBeGreaterThan(0);
  });

  test('a folder whose name a glob or a string would read otherwise', async () => {
    await putDay('2026-01-15', [row(1, 'um')]);
    const odd = `${folder.path}/it's [a] *lake?`;
    await cp(`${folder.path}/enriched`, odd, { recursive: true });
    const other = await openAnalytics({ enrichedFolder: odd, sqlFolder: 'sql' });
    const { rows } = await other.run('SELECT text FROM messages');
    other.close();
    expect(rows).toEqual([['um']]);
  });

  test('runs are a table, too', async () => {
    const finishedAt = Date.UTC(2026, 0, 16, 4);
    const run = { day: '2026-01-15', stored: 5, rows: 3, duplicates: 1, rejected: 1, late: 0 };
    const bytes = await encodeParquet(RUNS_COLUMNS, [{ ...run, finishedAt }]);
    await store.put(`${runsPrefix('2026-01-15')}1.parquet`, bytes);
    const { rows } = await analytics.run('SELECT * FROM runs');
    expect(rows).toEqual([['2026-01-15', 5, 3, 1, 1, 0, '2026-01-16T04:00:00', '2026-01-15']]);
  });

  test('a file that is no Parquet is named, with what makes it again', async () => {
    await store.put(parquetKey('2026-01-15'), Buffer.from('this is no Parquet file at all'));
    await expect(perDay()).rejects.toThrow(
      'telegram/context_date=2026-01-15/messages.parquet cannot be read, it seems damaged; make it again: chatbot etl --date 2026-01-15.',
    );
  });

  test('a query is interrupted by its signal, and only that one', async () => {
    await putDay(
      '2026-01-15',
      Array.from({ length: 2_000 }, (_, index) => row(index + 1, `texto ${index}`)),
    );
    const abort = new AbortController();
    const slow = analytics.run(
      'SELECT count(*) FROM telegram a, telegram b, telegram c, telegram d' +
        ' WHERE a.text < b.text AND c.text < d.text AND a.text <> d.text',
      { signal: abort.signal },
    );
    const quick = perDay();
    setTimeout(() => {
      abort.abort(new Error('enough'));
    }, 100);
    await expect(slow).rejects.toThrow('enough');
    expect(await quick).toEqual([['2026-01-15', 2_000]]);
    expect(await perDay()).toEqual([['2026-01-15', 2_000]]);
    await expect(analytics.run('SELECT 1', { signal: abort.signal })).rejects.toThrow('enough');
  });

  test('an analysis that there is not is answered with those that there are', async () => {
    await expect(analytics.runAnalysis('messages')).rejects.toThrow(
      /There is no analysis "messages"; there are .*messages_per_day/,
    );
  });

  test('without a period, an analysis reads the last 90 days', async () => {
    const today = new Date().toISOString().slice(0, 10);
    await putDay(today, [row(1, 'hoje')]);
    await putDay('2020-01-15', [row(2, 'antes')]);
    const { rows } = await analytics.runAnalysis('messages_per_day');
    expect(rows).toEqual([[today, 1]]);
  });

  test('the folder may go and come back', async () => {
    await putDay('2026-01-15', [row(1, 'um')]);
    expect(await perDay()).toHaveLength(1);
    await rm(`${folder.path}/enriched`, { recursive: true });
    expect(await perDay()).toEqual([]);
  });
});
