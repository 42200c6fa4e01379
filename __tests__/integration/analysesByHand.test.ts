import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { runDay } from '../../functions/etl/runDay.ts';
import { loadAnalyses } from '../../src/analytics/analyses.ts';
import { openAnalytics } from '../../src/analytics/duckdb.ts';
import type { Engine } from '../../src/analytics/engine.ts';
import type { ResultValue } from '../../src/analytics/result.ts';
import { dayOf } from '../../src/lake/days.ts';
import { type Answer, type Outcome, writeEnvelope } from '../../src/lake/envelope.ts';
import { FolderStore } from '../../src/lake/folderStore.ts';
import { rawKey } from '../../src/lake/keys.ts';
import { temporaryFolder } from '../support/folders.ts';

/*
 * Fifteen updates of a week, few enough to count by hand what each analysis says of them.
 */

const ZONE = 'America/Sao_Paulo';

const ANA = { id: 11, is_bot: false, first_name: 'Ana', language_code: 'pt-BR' };
const BRUNO = { id: 22, is_bot: false, first_name: 'Bruno' };
const WITH_ANA = { id: 11, type: 'private', first_name: 'Ana' };
const GROUP = { id: -100, type: 'supergroup', title: 'Vizinhos' };
const PHOTO = [{ file_id: 'a', file_unique_id: 'b', width: 90, height: 67 }];

/** A time in São Paulo, as Telegram has it: Unix seconds. */
const at = (local: string): number => Date.parse(`${local}:00-03:00`) / 1000;

/** What the bot decided: how, on which topic, in how many milliseconds. */
function answer(outcome: Outcome, intent: string | null, ms: number): Answer {
  const nothing = { call: null, score: null, candidates: [], engine: 'test', knowledge: 'none' };
  return { ...nothing, outcome, intent, ms };
}

type Event = readonly [time: string, update: Readonly<Record<string, unknown>>, answer?: Answer];

const ana = (time: string, text: string, decided: Answer): Event => [
  time,
  { message: { message_id: 1, date: at(time), from: ANA, chat: WITH_ANA, ...command(text), text } },
  decided,
];

const bruno = (time: string, content: object): Event => [
  time,
  { message: { message_id: 2, date: at(time), from: BRUNO, chat: GROUP, ...content } },
];

function command(text: string): object {
  const [length] = [text.split(' ')[0]?.length ?? 0];
  return text.startsWith('/') ? { entities: [{ type: 'bot_command', offset: 0, length }] } : {};
}

const member = (kind: string, time: string, chat: object, who: object, from: string, to: string) =>
  [
    time,
    {
      [kind]: {
        ...{ date: at(time), chat, from: who },
        old_chat_member: { user: who, status: from },
        new_chat_member: { user: who, status: to },
      },
    },
  ] satisfies Event;

const reaction = (time: string, emojis: readonly string[]): Event => [
  time,
  {
    message_reaction: {
      ...{ date: at(time), chat: GROUP, message_id: 2, user: BRUNO, old_reaction: [] },
      new_reaction: emojis.map((emoji) => ({ type: 'emoji', emoji })),
    },
  },
];

const EVENTS: readonly Event[] = [
  // A Monday. The third is 30 minutes after the second: still one session; the fourth is another.
  ana('2026-01-12T10:00', '/start promo', answer('answered', '/start', 2)),
  ana('2026-01-12T10:01', 'Vocês aceitam Pix, pix?', answer('answered', 'pix', 4)),
  ana('2026-01-12T10:31', 'O prazo do vaso azul?', answer('fallback', null, 10)),
  ana('2026-01-12T11:02', 'obrigada', answer('none', null, 1)),
  // One session across midnight.
  bruno('2026-01-13T23:50', { text: 'Vaso azul?' }),
  bruno('2026-01-14T00:10', { text: 'vaso!' }),
  // Somebody joins, and is told of twice; Ana blocks the bot, and thinks better of it.
  bruno('2026-01-14T09:00', { new_chat_members: [BRUNO] }),
  member('chat_member', '2026-01-14T09:00', GROUP, BRUNO, 'left', 'member'),
  member('my_chat_member', '2026-01-14T12:00', WITH_ANA, ANA, 'member', 'kicked'),
  member('my_chat_member', '2026-01-14T12:05', WITH_ANA, ANA, 'kicked', 'member'),
  [
    '2026-01-14T15:00',
    { callback_query: { id: '1', from: ANA, chat_instance: '2', data: 'topic:pix' } },
    answer('answered', 'pix', 3),
  ],
  reaction('2026-01-14T16:00', ['👍', '❤']),
  reaction('2026-01-14T16:01', []),
  // The Monday after.
  ana('2026-01-19T08:00', 'prazo do vaso azul', answer('fallback', null, 20)),
  bruno('2026-01-19T08:30', { photo: PHOTO, caption: 'O vaso' }),
];

const EXPECTED: Readonly<Record<string, readonly (readonly ResultValue[])[]>> = {
  messages_per_day: [
    ['2026-01-19', 2],
    ['2026-01-14', 1],
    ['2026-01-13', 1],
    ['2026-01-12', 4],
  ],
  messages_per_user_per_day: [
    [11, 'Ana', '2026-01-19', 1],
    [22, 'Bruno', '2026-01-19', 1],
    [22, 'Bruno', '2026-01-14', 1],
    [22, 'Bruno', '2026-01-13', 1],
    [11, 'Ana', '2026-01-12', 4],
  ],
  message_length_per_user_per_day: [
    [11, 'Ana', '2026-01-19', 18],
    [22, 'Bruno', '2026-01-19', 6],
    [22, 'Bruno', '2026-01-14', 5],
    [22, 'Bruno', '2026-01-13', 10],
    // (12 + 23 + 21 + 8) / 4
    [11, 'Ana', '2026-01-12', 16],
  ],
  messages_per_hour_and_weekday: [
    [2026, 3, 1, 10, 3],
    [2026, 3, 1, 11, 1],
    [2026, 3, 2, 23, 1],
    [2026, 3, 3, 0, 1],
    [2026, 4, 1, 8, 2],
  ],
  // Five questions, a tap among them: three answered, two not. Times: 1, 2, 3, 4, 10, 20.
  overview: [[8, 2, 5, 0.6, 0.4, 3, 20]],
  active_users_per_day: [
    ['2026-01-19', 2, 0, 2],
    ['2026-01-14', 1, 0, 1],
    ['2026-01-13', 1, 1, 0],
    ['2026-01-12', 1, 1, 0],
  ],
  active_users_per_week: [
    ['2026-01-19', 2, 0, 2],
    ['2026-01-12', 2, 2, 0],
  ],
  active_users_per_month: [['2026-01-01', 2, 2, 0]],
  retention_by_weekly_cohort: [
    ['2026-01-12', 0, 2, 2, 1],
    ['2026-01-12', 1, 2, 2, 1],
  ],
  sessions_per_day: [
    ['2026-01-19', 2, 2, 1, 0, 0],
    ['2026-01-13', 1, 1, 2, 1200, 1200],
    ['2026-01-12', 2, 1, 2, 0, 1860],
  ],
  messages_heat_map: [
    [1, 8, 2],
    [1, 10, 3],
    [1, 11, 1],
    [2, 23, 1],
    [3, 0, 1],
  ],
  busiest_users: [
    [11, 'Ana', 5, 2, '2026-01-19T08:00:00'],
    [22, 'Bruno', 3, 3, '2026-01-19T08:30:00'],
  ],
  busiest_chats: [
    [11, 'Ana', 'private', 5, 1],
    [-100, 'Vizinhos', 'supergroup', 3, 1],
  ],
  message_types: [
    ['text', 7, 0.875],
    ['photo', 1, 0.125],
  ],
  languages: [
    ['pt', 1, 5],
    [null, 1, 3],
  ],
  // "Pix, pix?" counts once; "vocês", "obrigada" and what is shorter than three letters not at all.
  words: [
    ['vaso', 5],
    ['azul', 3],
    ['prazo', 2],
    ['aceitam', 1],
    ['pix', 1],
    ['promo', 1],
    ['start', 1],
  ],
  fallback_rate_per_day: [
    ['2026-01-19', 1, 0, 0, 1, 0, 0, 1],
    ['2026-01-14', 1, 1, 0, 0, 0, 1, 0],
    ['2026-01-12', 3, 2, 0, 1, 0, 2 / 3, 1 / 3],
  ],
  decision_time_per_day: [
    ['2026-01-19', 1, 20, 20],
    ['2026-01-14', 1, 3, 3],
    // 1, 2, 4, 10: the second, and the fourth.
    ['2026-01-12', 4, 2, 10],
  ],
  unanswered_questions: [['azul prazo vaso', 'prazo do vaso azul', 2, 1, '2026-01-19T08:00:00']],
  top_topics: [
    ['pix', 2, 2 / 3, 1],
    ['/start', 1, 1 / 3, 1],
  ],
  suggestion_taps: [['pix', 1, 1]],
  reactions: [
    ['❤', 1, 1],
    ['👍', 1, 1],
  ],
  membership_changes_per_day: [['2026-01-14', 1, 0, 1, 1]],
  campaigns: [['promo', 1, 1, 1, 60]],
  data_quality_per_day: [
    ['2026-01-19', 2, 2, 0, 0, 0],
    ['2026-01-14', 8, 8, 0, 0, 0],
    ['2026-01-13', 1, 1, 0, 0, 0],
    ['2026-01-12', 4, 4, 0, 0, 0],
  ],
};

describe('of a week that one can count by hand', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let engine: Engine;

  beforeAll(async () => {
    folder = await temporaryFolder();
    const store = (layer: string) => new FolderStore(`${folder.path}/${layer}`);
    const lake = { raw: store('raw'), enriched: store('enriched'), zone: ZONE };
    const days = new Set<string>();
    for (const [index, [time, content, decided = null]] of EVENTS.entries()) {
      const update = { update_id: 100 + index, ...content };
      const received = at(time) * 1000;
      const day = dayOf(received, ZONE);
      const fields = {
        source: 'telegram',
        received_at: new Date(received).toISOString(),
        answer: decided,
      } as const;
      const envelope = writeEnvelope(fields, JSON.stringify(update));
      await lake.raw.put(rawKey(day, update.update_id), Buffer.from(envelope));
      days.add(day);
    }
    for (const day of days) {
      await runDay(lake, day, { now: at('2026-01-20T01:00') * 1000, rawRetentionDays: 365 });
    }
    engine = await openAnalytics({ enrichedFolder: `${folder.path}/enriched`, sqlFolder: 'sql' });
  });

  afterAll(async () => {
    engine.close();
    await folder.remove();
  });

  const PERIOD = { from: '2026-01-12', to: '2026-01-19' };

  test('each analysis is expected to say something', async () => {
    const names = (await loadAnalyses('sql')).map(({ name }) => name);
    expect(Object.keys(EXPECTED).toSorted()).toEqual(names.toSorted());
  });

  test.each(Object.entries(EXPECTED))('%s', async (name, expected) => {
    const { rows } = await engine.runAnalysis(name, { period: PERIOD });
    // When a run finished is not counted by hand.
    const shown = name === 'data_quality_per_day' ? rows.map((row) => row.slice(0, -1)) : rows;
    expect(shown).toEqual(expected);
  });

  test.each<[string, readonly (readonly ResultValue[])[]]>([
    [
      'messages_per_day',
      [
        ['2026-01-19', 1],
        ['2026-01-14', 1],
        ['2026-01-13', 1],
      ],
    ],
    ['active_users_per_month', [['2026-01-01', 1, 1, 0]]],
    [
      'sessions_per_day',
      [
        ['2026-01-19', 1, 1, 1, 0, 0],
        ['2026-01-13', 1, 1, 2, 1200, 1200],
      ],
    ],
    ['unanswered_questions', []],
    ['membership_changes_per_day', [['2026-01-14', 1, 0, 0, 0]]],
    [
      'reactions',
      [
        ['❤', 1, 1],
        ['👍', 1, 1],
      ],
    ],
  ])('%s of one chat', async (name, expected) => {
    const { rows } = await engine.runAnalysis(name, { period: PERIOD, chats: [-100] });
    expect(rows).toEqual(expected);
  });

  test.each<[string, readonly (readonly ResultValue[])[]]>([
    ['messages_per_day', [['2026-01-12', 1]]],
    ['overview', [[1, 1, 2, 1, 0, 3, 4]]],
    ['top_topics', [['pix', 2, 1, 1]]],
  ])('%s of one topic', async (name, expected) => {
    const { rows } = await engine.runAnalysis(name, { period: PERIOD, topics: ['pix'] });
    expect(rows).toEqual(expected);
  });

  test('a session belongs to the day on which it began, wherever the period ends', async () => {
    const sessionsOf = async (from: string, to: string) =>
      (await engine.runAnalysis('sessions_per_day', { period: { from, to } })).rows;
    expect(await sessionsOf('2026-01-13', '2026-01-13')).toEqual([
      ['2026-01-13', 1, 1, 2, 1200, 1200],
    ]);
    expect(await sessionsOf('2026-01-14', '2026-01-14')).toEqual([]);
  });

  test('the view of sessions says when they began and ended', async () => {
    const { rows } = await engine.run('SELECT * FROM sessions ORDER BY started_at');
    expect(rows).toEqual([
      [11, 11, '2026-01-12', '2026-01-12T10:00:00', '2026-01-12T10:31:00', 3, 1860],
      [11, 11, '2026-01-12', '2026-01-12T11:02:00', '2026-01-12T11:02:00', 1, 0],
      [-100, 22, '2026-01-13', '2026-01-13T23:50:00', '2026-01-14T00:10:00', 2, 1200],
      [11, 11, '2026-01-19', '2026-01-19T08:00:00', '2026-01-19T08:00:00', 1, 0],
      [-100, 22, '2026-01-19', '2026-01-19T08:30:00', '2026-01-19T08:30:00', 1, 0],
    ]);
  });
});
