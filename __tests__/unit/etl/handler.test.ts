import { describe, expect, test } from '@jest/globals';

import {
  DaysFailedError,
  type EtlEvent,
  createEtlHandler,
} from '../../../functions/etl/handler.ts';
import { closedDays, daysToRun } from '../../../functions/etl/runDays.ts';
import { DayError } from '../../../src/lake/days.ts';
import { parquetKey } from '../../../src/lake/keys.ts';
import { UnavailableError } from '../../../src/lake/objectStore.ts';
import { DAY, RUN, ZONE, envelope, memoryLake, putRaw } from '../../support/lakes.ts';
import { UPDATES } from '../../support/updates/fixtures.ts';

/** What EventBridge sends for a schedule. */
function scheduled(time: string): unknown {
  return {
    version: '0',
    id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: '123456789012',
    time,
    region: 'us-east-1',
    resources: ['arn:aws:events:us-east-1:123456789012:rule/etl'],
    detail: {},
  };
}

function setUp() {
  const lake = memoryLake();
  const events: EtlEvent[] = [];
  const handler = createEtlHandler({
    lake,
    rawRetentionDays: 365,
    now: () => RUN.now,
    observe: (event) => events.push(event),
  });
  return { lake, events, handler };
}

describe('daysToRun', () => {
  test.each([
    // 01:00 in São Paulo
    ['2026-01-16T04:00:00Z', ['2026-01-14', '2026-01-15']],
    // Still the 15th there
    ['2026-01-16T02:59:59Z', ['2026-01-13', '2026-01-14']],
    ['2026-03-01T04:00:00Z', ['2026-02-27', '2026-02-28']],
  ])('an event of %s is due for %j', (time, days) => {
    expect(daysToRun({ time: Date.parse(time) }, ZONE)).toEqual(days);
  });

  test('a date is that day, a range all of its days', () => {
    expect(daysToRun({ date: '2026-02-28' }, ZONE)).toEqual(['2026-02-28']);
    expect(daysToRun({ from: '2026-02-27', to: '2026-03-01' }, ZONE)).toEqual([
      '2026-02-27',
      '2026-02-28',
      '2026-03-01',
    ]);
  });

  test.each([
    { date: '2026-02-30' },
    { date: '28/02/2026' },
    { from: '2026-03-01', to: '2026-02-27' },
  ])('%j is refused', (wanted) => {
    expect(() => daysToRun(wanted, ZONE)).toThrow(DayError);
  });
});

describe('the Lambda', () => {
  test('says how far a long day is, now and then', async () => {
    const { lake } = setUp();
    await putRaw(lake, '1.json', envelope(UPDATES.message));
    const events: EtlEvent[] = [];
    let time = RUN.now;
    const handler = createEtlHandler({
      lake,
      rawRetentionDays: 365,
      // Each look at the clock is ten seconds later.
      now: () => (time += 10_000),
      observe: (event) => events.push(event),
    });
    await handler({ from: '2026-01-12', to: DAY });
    const progress = events.filter(({ type }) => type === 'day-progress');
    expect(progress.length).toBeGreaterThan(0);
    expect(progress.length).toBeLessThan(4);
    expect(progress[0]).toMatchObject({ progress: { isListed: true } });
  });

  test("takes its days from the event's time, not from the clock", async () => {
    const { lake, events, handler } = setUp();
    await putRaw(lake, '1.json', envelope(UPDATES.message));
    const { runs } = await handler(scheduled('2026-01-16T04:00:00Z'));
    expect(runs).toMatchObject([
      { day: '2026-01-14', status: 'empty' },
      { day: DAY, status: 'written', rows: 1 },
    ]);
    expect(events).toEqual(runs.map((run) => ({ type: 'day-run', run })));
    expect(await closedDays(lake)).toEqual([DAY]);
  });

  test('takes a date or a range by hand', async () => {
    const { handler } = setUp();
    expect((await handler({ date: DAY })).runs).toMatchObject([{ day: DAY }]);
    const { runs } = await handler({ from: '2026-01-14', to: DAY });
    expect(runs).toMatchObject([{ day: '2026-01-14' }, { day: DAY }]);
  });

  test('takes the days whose files lack columns of today, and leaves the others', async () => {
    const { lake, handler } = setUp();
    for (const day of ['2026-01-13', '2026-01-14', DAY]) {
      await putRaw(lake, '1.json', envelope(UPDATES.message), day);
    }
    await handler({ from: '2026-01-13', to: DAY });
    for (const day of ['2026-01-13', DAY]) {
      const written = lake.enriched.bytes(parquetKey(day)).toString('latin1');
      const older = written.replace(
        'chatbot.columns_version\x18\x011',
        'chatbot.columns_version\x18\x010',
      );
      await lake.enriched.put(parquetKey(day), Buffer.from(older, 'latin1'));
    }
    await lake.enriched.put(parquetKey('2026-01-10'), Buffer.from('of another program'));
    expect((await handler({ outdated: true })).runs).toMatchObject([
      { day: '2026-01-13', status: 'written' },
      { day: DAY, status: 'written' },
    ]);
    expect((await handler({ outdated: true })).runs).toEqual([]);
  });

  test('a backfill that broke off goes on where it stopped', async () => {
    const { lake, handler } = setUp();
    const days = ['2026-01-12', '2026-01-13', '2026-01-14', DAY];
    for (const day of days) await putRaw(lake, '1.json', envelope(UPDATES.message), day);
    const put = lake.enriched.put.bind(lake.enriched);
    lake.enriched.put = (key, ...rest) =>
      key === parquetKey('2026-01-13')
        ? Promise.reject(new UnavailableError('the store is down'))
        : put(key, ...rest);
    await expect(handler({ from: '2026-01-12', to: DAY })).rejects.toThrow('2026-01-13');
    lake.enriched.put = put;
    expect((await handler({ from: '2026-01-12', to: DAY })).runs).toMatchObject([
      { day: '2026-01-12', status: 'unchanged' },
      { day: '2026-01-13', status: 'written' },
      { day: '2026-01-14', status: 'unchanged' },
      { day: DAY, status: 'unchanged' },
    ]);
  });

  test.each([{}, null, 'today', { date: 15 }, { time: 'noon' }, { date: DAY, to: DAY }])(
    'refuses %j',
    async (event) => {
      await expect(setUp().handler(event)).rejects.toThrow(/^The event is none of these/);
    },
  );

  test('a day that fails does not stop the others, but the invocation fails and names it', async () => {
    const { lake, events, handler } = setUp();
    await putRaw(lake, '1.json', envelope(UPDATES.message), '2026-01-14');
    await putRaw(lake, '1.json', envelope(UPDATES.message));
    const put = lake.enriched.put.bind(lake.enriched);
    lake.enriched.put = (key, ...rest) =>
      key === parquetKey('2026-01-14')
        ? Promise.reject(new UnavailableError('the store is down'))
        : put(key, ...rest);
    const failing = handler(scheduled('2026-01-16T04:00:00Z'));
    await expect(failing).rejects.toThrow(DaysFailedError);
    await expect(failing).rejects.toThrow('2026-01-14 (the store is down)');
    expect(events.map(({ type }) => type)).toEqual(['day-run', 'day-failed']);
    expect(await closedDays(lake)).toEqual([DAY]);
  });
});
