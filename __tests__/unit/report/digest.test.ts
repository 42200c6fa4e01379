import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import type { Scope } from '../../../src/analytics/scope.ts';
import type { Topic } from '../../../src/bot/knowledge.ts';
import { CAPTION_LIMIT, digestText } from '../../../src/report/digest.ts';
import { titleFinder, topicTitles } from '../../../src/report/topicTitles.ts';
import { type Script, scriptedEngine } from '../../support/scriptedEngine.ts';

const DAY = '2026-11-21';
const NAMES = ['overview', 'active_users_per_day', 'top_topics', 'unanswered_questions'] as const;

const isDay = ({ period }: Scope) => period?.from === DAY;

/** A lake of a week and more: 70 messages in the week before, 20 on the day. */
const SCRIPT: Script = {
  overview: (scope) => [
    isDay(scope) ? [20, 12, 16, 0.75, 0.0625, 0.4, 3.25] : [70, 30, 70, 0.7, 0.1, 1, 2],
  ],
  active_users_per_day: () => [
    [DAY, 12, 3, 9],
    ...['14', '15', '16', '17', '18', '19', '20'].map((day) => [`2026-11-${day}`, 10, 0, 10]),
  ],
  top_topics: () => [
    ['/start', 9, 0.3, 9],
    ['saudacao', 8, 0.3, 8],
    ['horario', 1234, 0.3, 5],
    ['gone', 2, 0.1, 2],
    ['pix', 1, 0.1, 1],
    ['frete', 1, 0.1, 1],
  ],
  unanswered_questions: () => [
    ['vaso', 'vocês recolhem\n vaso usado? <b>', 14, 9, '2026-11-21T10:00:00'],
    [null, null, 2, 1, '2026-11-21T10:00:00'],
    ['c', 'terceira', 1, 1, '2026-11-21T10:00:00'],
    ['d', 'quarta', 1, 1, '2026-11-21T10:00:00'],
  ],
};

function text(language: 'en' | 'pt', script: Script = SCRIPT): Promise<string> {
  return digestText({
    engine: scriptedEngine(NAMES, script),
    day: DAY,
    language,
    subject: '@loja_bot',
    topicTitle: titleFinder({
      horario: { pt: 'Horário da loja', en: 'Opening hours', isSmallTalk: false },
      saudacao: { pt: 'Oi!', en: 'Hi!', isSmallTalk: true },
    }),
  });
}

describe('the digest', () => {
  test('is a day in six lines in Portuguese, against the average day of the week before', async () => {
    expect(await text('pt')).toBe(
      [
        '@loja_bot: sáb., 21 de nov. de 2026',
        '',
        'Mensagens: 20 (▲ 100%)',
        'Pessoas: 12 (▲ 20%), 3 novas',
        'Perguntas: 16 (▲ 60%)',
        'Respondidas: 75% (▲ 5 p.p.)',
        'Não entendidas: 6,3% (▼ 3,8 p.p.)',
        'Tempo de decisão: 0,4 ms típico, 3,3 ms lento',
        'Em relação à média dos 7 dias anteriores.',
        '',
        'Mais perguntados',
        '1. Horário da loja: 1.234',
        '2. gone: 2',
        '3. pix: 1',
        '',
        'Sem resposta',
        '1. “vocês recolhem vaso usado? <b>”: 14',
        '2. –: 2',
        '3. “terceira”: 1',
      ].join('\n'),
    );
  });

  test('… and in English', async () => {
    const lines = (await text('en')).split('\n');
    expect(lines.slice(0, 5)).toEqual([
      '@loja_bot: Sat, 21 Nov 2026',
      '',
      'Messages: 20 (▲ 100%)',
      'People: 12 (▲ 20%), 3 new',
      'Questions: 16 (▲ 60%)',
    ]);
    expect(lines).toContain('1. Opening hours: 1,234');
    expect(lines).toContain('Without an answer');
  });

  test('asks for the day and the seven days before it', async () => {
    const engine = scriptedEngine(NAMES, SCRIPT);
    await digestText({ engine, day: DAY, language: 'pt', subject: 'x' });
    expect(
      engine.asked.map(({ name, scope }) => [name, scope.period?.from, scope.period?.to]),
    ).toEqual([
      ['overview', DAY, DAY],
      ['overview', '2026-11-14', '2026-11-20'],
      ['active_users_per_day', '2026-11-14', DAY],
      ['top_topics', DAY, DAY],
      ['unanswered_questions', DAY, DAY],
    ]);
  });

  test('of a young lake is compared with the days that there are', async () => {
    const young: Script = {
      ...SCRIPT,
      overview: (scope) => [
        isDay(scope) ? [20, 12, 16, 0.75, 0, 1, 1] : [20, 5, 10, 0.75, 0, 1, 1],
      ],
      active_users_per_day: () => [
        [DAY, 12, 0, 12],
        ['2026-11-19', 4, 4, 0],
      ],
    };
    const lines = (await text('en', young)).split('\n');
    // Two days: the one with messages and the one after it, without.
    expect(lines).toContain('Messages: 20 (▲ 100%)');
    expect(lines).toContain('Answered: 75% (=)');
    expect(lines).toContain('Against the average of the 2 days before.');
    const first: Script = { ...young, active_users_per_day: () => [[DAY, 12, 12, 0]] };
    expect(await text('en', first)).toContain('Messages: 20\nPeople: 12, 12 new\n');
    expect(await text('en', first)).toContain('There is no earlier day to compare with.');
  });

  test('of a day that nothing is known of says so', async () => {
    const nothing: Script = { overview: () => [[0, 0, 0, null, null, null, null]] };
    expect(await text('en', nothing)).toMatch(
      /^@loja_bot: Sat, 21 Nov 2026\n\nNothing of this day/,
    );
  });

  test('fits under a document, whatever people write', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 3000 }), async (example) => {
        const long = await text('pt', {
          ...SCRIPT,
          top_topics: () => [1, 2, 3].map(() => [example, 5, 0.5, 5]),
          unanswered_questions: () => [1, 2, 3].map(() => ['k', example, 5, 5, null]),
        });
        expect(long.length).toBeLessThanOrEqual(CAPTION_LIMIT);
        // No half of a pair is left of an emoji.
        expect(Buffer.from(long).toString()).toBe(long);
      }),
      { numRuns: 50 },
    );
    const endless = `e${'\u0301'.repeat(4000)}`;
    const marks = await text('pt', {
      ...SCRIPT,
      unanswered_questions: () => [1, 2, 3].map(() => ['k', endless, 5, 5, null]),
    });
    expect(marks.length).toBeLessThanOrEqual(CAPTION_LIMIT);
  });
});

describe('small talk', () => {
  const topic = (id: string) => ({ id, title: { pt: id, en: id } }) as Topic;
  const topics = new Map(['pix', 'oi'].map((id) => [id, topic(id)]));

  test('is what has no place in the menu', () => {
    const titles = topicTitles({ topics, menu: [topic('pix')] });
    expect(titles).toMatchObject({ pix: { isSmallTalk: false }, oi: { isSmallTalk: true } });
  });

  test('nothing is, where nothing has', () => {
    const titles = topicTitles({ topics, menu: [] });
    expect(titles).toMatchObject({ pix: { isSmallTalk: false }, oi: { isSmallTalk: false } });
  });
});
