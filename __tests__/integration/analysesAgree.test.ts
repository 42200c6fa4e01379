import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { type Analysis, loadAnalyses } from '../../src/analytics/analyses.ts';
import { openAnalytics } from '../../src/analytics/duckdb.ts';
import type { Engine } from '../../src/analytics/engine.ts';
import type { QueryResult, ResultValue } from '../../src/analytics/result.ts';
import { rowsBehindQuery } from '../../src/analytics/rowsBehind.ts';
import { type Scope, periodBefore } from '../../src/analytics/scope.ts';
import { addToDay } from '../../src/lake/days.ts';
import { temporaryFolder } from '../support/folders.ts';
import { SEEDING } from '../support/seeded/events.ts';
import { makeSeededLake } from '../support/seeded/lake.ts';

/*
 * Two reports that disagree are what people complain of most. Whatever two analyses state, they state
 * alike, under every scope; and behind each number there are as many rows as it says.
 */

const analyses = await loadAnalyses('sql');

/** A part of the seeded lake that ends today, so that the files can be run as they are. */
const TODAY = new Date().toISOString().slice(0, 10);
const DAYS = 100;
const FIRST_DAY = addToDay(TODAY, 1 - DAYS);

type Row = Readonly<Record<string, ResultValue>>;

function rowsOf({ columns, rows }: QueryResult): Row[] {
  return rows.map((row) =>
    Object.fromEntries(columns.map((name, index) => [name, row[index] ?? null])),
  );
}

/** The sum of a column. */
function sum(rows: readonly Row[], column: string): number {
  return rows.reduce((total, row) => total + Number(row[column]), 0);
}

/** Sums of a column by what other columns hold. */
function sums(rows: readonly Row[], column: string, ...by: readonly string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const row of rows) {
    const key = by.map((name) => String(row[name])).join(' ');
    found.set(key, (found.get(key) ?? 0) + Number(row[column]));
  }
  return found;
}

const distinct = (rows: readonly Row[], column: string): number =>
  new Set(rows.map((row) => row[column]).filter((value) => value !== null)).size;

const SCOPES = [
  'all days',
  'a month',
  'the month before',
  'no days',
  'some chats',
  'some topics',
] as const;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let engine: Engine;
let scopes: Readonly<Record<(typeof SCOPES)[number], Scope>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  const seeding = { ...SEEDING, from: FIRST_DAY, days: DAYS, count: 12_000 };
  const lake = await makeSeededLake(folder.path, seeding);
  engine = await openAnalytics({ enrichedFolder: lake.enriched, sqlFolder: 'sql' });
  const all = { from: addToDay(FIRST_DAY, -3), to: addToDay(TODAY, 3) };
  const some = { from: addToDay(FIRST_DAY, 30), to: addToDay(FIRST_DAY, 60) };
  const busiest = rowsOf(await engine.runAnalysis('busiest_chats', { period: all })).slice(1, 40);
  const topics = rowsOf(await engine.runAnalysis('top_topics', { period: all })).slice(0, 3);
  scopes = {
    'all days': { period: all },
    'a month': { period: some },
    'the month before': { period: periodBefore(some) },
    'no days': { period: { from: '2010-01-01', to: '2010-01-31' } },
    'some chats': { period: all, chats: busiest.map(({ chat_id: id }) => Number(id)) },
    'some topics': { period: all, topics: topics.map(({ answer_intent: name }) => String(name)) },
  };
});

afterAll(async () => {
  engine.close();
  await folder.remove();
});

const asked = new Map<Scope, Map<string, Promise<Row[]>>>();

/** Rows of an analysis, asked for once. */
function ask(name: string, scope: Scope): Promise<readonly Row[]> {
  const known = asked.get(scope) ?? new Map<string, Promise<Row[]>>();
  asked.set(scope, known);
  const rows = known.get(name) ?? engine.runAnalysis(name, scope).then(rowsOf);
  known.set(name, rows);
  return rows;
}

describe.each(SCOPES)('over %s, what is stated twice is stated alike:', (name) => {
  const scope = () => scopes[name];
  const overview = async (): Promise<Row> => (await ask('overview', scope()))[0] ?? {};

  test.each([
    'messages_per_day',
    'messages_per_user_per_day',
    'messages_per_hour_and_weekday',
    'messages_heat_map',
    'message_types',
    'languages',
  ])('messages of overview and of %s', async (other) => {
    expect(sum(await ask(other, scope()), 'message_amount')).toBe(
      (await overview())['message_amount'],
    );
  });

  test('messages of a day, of an hour, of a person, of a chat', async () => {
    const [perDay, perUser, perHour, perCell, users, chats] = await Promise.all(
      [
        ...['messages_per_day', 'messages_per_user_per_day', 'messages_per_hour_and_weekday'],
        ...['messages_heat_map', 'busiest_users', 'busiest_chats'],
      ].map((one) => ask(one, scope())),
    );
    expect(sums(perUser ?? [], 'message_amount', 'context_date')).toEqual(
      sums(perDay ?? [], 'message_amount', 'context_date'),
    );
    expect(
      sums(perHour ?? [], 'message_amount', 'parsed_date_weekday', 'parsed_date_hour'),
    ).toEqual(sums(perCell ?? [], 'message_amount', 'weekday', 'hour'));
    const ofUsers = sums(perUser ?? [], 'message_amount', 'user_id');
    for (const { user_id: id, message_amount: amount } of users ?? []) {
      expect(ofUsers.get(String(id))).toBe(amount);
    }
    // As many as the ranking has room for.
    expect(chats?.length ?? 0).toBeLessThanOrEqual(100);
    const total = sum(perDay ?? [], 'message_amount');
    expect(chats?.length === 100 || sum(chats ?? [], 'message_amount') === total).toBe(true);
  });

  test('people: of overview, of a day, of a ranking', async () => {
    const perUser = await ask('messages_per_user_per_day', scope());
    expect((await overview())['user_amount']).toBe(distinct(perUser, 'user_id'));
    const people = perUser.filter(({ user_id: id }) => id !== null);
    const active = await ask('active_users_per_day', scope());
    expect(sums(active, 'active_users', 'context_date')).toEqual(
      sums(
        people.map((row) => ({ ...row, one: 1 })),
        'one',
        'context_date',
      ),
    );
    const days = sums(
      people.map((row) => ({ ...row, one: 1 })),
      'one',
      'user_id',
    );
    for (const row of await ask('busiest_users', scope())) {
      expect(row['active_days']).toBe(days.get(String(row['user_id'])));
    }
  });

  test.each(['day', 'week', 'month'])('active people of a %s are new or return', async (unit) => {
    for (const row of await ask(`active_users_per_${unit}`, scope())) {
      expect(Number(row['new_users']) + Number(row['returning_users'])).toBe(row['active_users']);
    }
  });

  test('questions of overview and of the days', async () => {
    const perDay = await ask('fallback_rate_per_day', scope());
    const tiles = await overview();
    const total = sum(perDay, 'question_amount');
    expect(tiles['question_amount']).toBe(total);
    for (const outcome of ['answered', 'fallback']) {
      const share = total === 0 ? null : sum(perDay, `${outcome}_amount`) / total;
      expect(tiles[`${outcome}_rate`]).toBe(share);
    }
    const outcomes = ['answered', 'suggested', 'fallback', 'handoff'];
    for (const row of perDay) {
      const parts = outcomes.map((outcome) => Number(row[`${outcome}_amount`]));
      expect(parts.reduce((a, b) => a + b, 0)).toBe(row['question_amount']);
    }
  });

  test('answered questions of the days and of the topics', async () => {
    const perDay = await ask('fallback_rate_per_day', scope());
    const topics = await ask('top_topics', scope());
    expect(sum(topics, 'question_amount')).toBe(sum(perDay, 'answered_amount'));
  });

  test.each([
    ['message_types', 'message_amount'],
    ['top_topics', 'question_amount'],
  ])('shares of %s', async (other, amount) => {
    const rows = await ask(other, scope());
    const total = sum(rows, amount);
    for (const row of rows) expect(row['share']).toBe(Number(row[amount]) / total);
  });
});

describe.each(SCOPES.slice(0, 5))('over %s, for which there are no topics:', (name) => {
  const scope = () => scopes[name];

  test('fallbacks of the days and the unanswered questions', async () => {
    const perDay = await ask('fallback_rate_per_day', scope());
    const unanswered = await ask('unanswered_questions', scope());
    expect(sum(unanswered, 'question_amount')).toBe(sum(perDay, 'fallback_amount'));
  });

  test('new people of a week are the cohort of that week', async () => {
    const cohorts = await ask('retention_by_weekly_cohort', scope());
    const weeks = await ask('active_users_per_week', scope());
    const isFirst = (row: Row) => row['weeks_later'] === 0;
    expect(sums(cohorts.filter(isFirst), 'active_users', 'cohort_week')).toEqual(
      sums(
        weeks.filter((row) => Number(row['new_users']) > 0),
        'new_users',
        'week',
      ),
    );
    for (const row of cohorts.filter(isFirst)) {
      expect([row['share'], row['cohort_users']]).toEqual([1, row['active_users']]);
    }
  });
});

test('over all days, sessions hold each message of a person once', async () => {
  const [perDay, perUser] = await Promise.all([
    ask('sessions_per_day', scopes['all days']),
    ask('messages_per_user_per_day', scopes['all days']),
  ]);
  const people = perUser.filter(({ user_id: id }) => id !== null);
  const inSessions = perDay.reduce(
    (total, row) => total + Number(row['session_amount']) * Number(row['messages_per_session']),
    0,
  );
  expect(inSessions).toBeCloseTo(sum(people, 'message_amount'), 6);
});

test('over all days, the runs tell of as many rows as there are', async () => {
  const rows = await ask('data_quality_per_day', scopes['all days']);
  const [counted] = rowsOf(await engine.run('SELECT count(*) AS amount FROM telegram'));
  expect(sum(rows, 'row_amount')).toBe(counted?.['amount']);
  for (const row of rows) {
    const parts = ['row_amount', 'duplicates', 'rejected'].map((name) => Number(row[name]));
    expect(parts.reduce((a, b) => a + b, 0)).toBe(row['stored']);
  }
});

test('the overview of one day says what the analyses per day say of it', async () => {
  const scope = scopes['a month'];
  const [quality, times] = await Promise.all([
    ask('fallback_rate_per_day', scope),
    ask('decision_time_per_day', scope),
  ]);
  expect(times.length).toBeGreaterThan(20);
  for (const { context_date: day, ...time } of times.slice(0, 10)) {
    const one = { from: String(day), to: String(day) };
    const [tiles = {}] = await ask('overview', { period: one });
    const asked = quality.find((row) => row['context_date'] === day);
    expect([tiles['decision_time_p50'], tiles['decision_time_p95']]).toEqual([
      time['decision_time_p50'],
      time['decision_time_p95'],
    ]);
    expect([tiles['question_amount'], tiles['answered_rate'], tiles['fallback_rate']]).toEqual([
      asked?.['question_amount'],
      asked?.['answered_rate'],
      asked?.['fallback_rate'],
    ]);
  }
});

/** Columns that count rows, or the people in them. */
const COUNTS = ['messages', 'questions', 'answers', 'taps', 'reactions', 'sessions', 'users'];

/** Those who asked after a campaign's link are found by a join that `rows` does not make. */
const NOT_BEHIND = new Set(['asking_users']);

function behind(analysis: Analysis, unit: string, rows: readonly Row[]): number {
  if (unit !== 'users') return rows.length;
  if (analysis.name !== 'membership_changes_per_day') return distinct(rows, 'user_id');
  return new Set(rows.map((row) => `${String(row['chat_id'])} ${String(row['member_user_id'])}`))
    .size;
}

describe('behind each number there are as many rows as it says:', () => {
  const counting = analyses.flatMap((analysis) =>
    analysis.columns
      .filter(({ name, type, unit }) => {
        return type === 'bigint' && COUNTS.includes(unit ?? '') && !NOT_BEHIND.has(name);
      })
      .map(({ name, unit }) => ({ analysis, name: analysis.name, number: name, unit: unit ?? '' })),
  );

  test('there are many such numbers', () => {
    expect(counting.length).toBeGreaterThan(40);
  });

  test.each(counting)('$name, $number', async ({ analysis, number, unit }) => {
    for (const name of ['a month', 'some chats', 'some topics'] as const) {
      const scope: Scope = scopes[name];
      const isAskable = (['chats', 'topics'] as const).every(
        (filter) => scope[filter] === undefined || analysis.filters.includes(filter),
      );
      if (!isAskable) continue;
      const result = await ask(analysis.name, scope);
      // The last may hold nulls.
      const chosen = new Set([result[0], result.at(-1)]);
      for (const row of chosen) {
        if (row === undefined) continue;
        const query = rowsBehindQuery(analysis, scope, row, 10_000, number);
        const rows = rowsOf(await engine.run(query));
        expect({ row, amount: behind(analysis, unit, rows) }).toEqual({ row, amount: row[number] });
      }
    }
  });
});

describe('a file that is run as it is reads the last 90 days:', () => {
  const period = { from: addToDay(TODAY, -89), to: TODAY };

  test.each(analyses.map(({ name, sql }) => ({ name, sql })))('$name', async ({ name, sql }) => {
    const pasted = await engine.run(sql);
    const asked = await engine.runAnalysis(name, { period });
    expect(pasted.columns).toEqual(asked.columns);
    expect(pasted.rows).toEqual(asked.rows);
    expect(pasted.rows.length).toBeGreaterThan(0);
  });

  test('and there is more than that', async () => {
    const { rows } = await engine.runAnalysis('messages_per_day', scopes['all days']);
    expect(rows.length).toBeGreaterThan(90);
  });
});
