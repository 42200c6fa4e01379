import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { fold } from '../../../src/bot/fold.ts';
import { type Knowledge, loadKnowledge } from '../../../src/bot/knowledge.ts';
import type { Matcher } from '../../../src/bot/matcher.ts';
import { createNgramMatcher } from '../../../src/bot/ngramMatcher.ts';
import type { Language } from '../../../src/config/config.ts';
import { IN_SCOPE, OUT_OF_SCOPE } from '../../support/questions.ts';

const LANGUAGES = ['pt', 'en'] as const;

let knowledge: Knowledge;
let matcher: Matcher;
beforeAll(async () => {
  knowledge = await loadKnowledge('knowledge');
  matcher = createNgramMatcher(knowledge);
});

/** Sample questions with their topics. */
function samples(): { topic: string; language: Language; question: string }[] {
  return [...knowledge.topics.values()].flatMap(({ id, speech }) =>
    LANGUAGES.flatMap((language) =>
      (speech[language]?.questions ?? []).map((question) => ({ topic: id, language, question })),
    ),
  );
}

/** Questions at even (0) or odd (1) places of their lists, with their topics. */
function inScope(half: 0 | 1): { topic: string; language: Language; question: string }[] {
  return Object.entries(IN_SCOPE).flatMap(([topic, asked]) =>
    LANGUAGES.flatMap((language) =>
      asked[language]
        .filter((_, index) => index % 2 === half)
        .map((question) => ({ topic, language, question })),
    ),
  );
}

/** Share of the cases that a condition holds for. */
function share<Case>(cases: readonly Case[], holds: (one: Case) => boolean): number {
  return cases.filter(holds).length / cases.length;
}

describe('the questions that measure', () => {
  test('are enough, and none stands in the knowledge base', () => {
    const known = new Set(samples().map(({ question }) => fold(question)));
    const asked = [...inScope(0), ...inScope(1)].map(({ question }) => question);
    const others = [...OUT_OF_SCOPE.pt, ...OUT_OF_SCOPE.en];
    expect(asked.length).toBeGreaterThanOrEqual(250);
    expect(others.length).toBeGreaterThanOrEqual(180);
    expect([...asked, ...others].filter((question) => known.has(fold(question)))).toEqual([]);
    expect(new Set([...asked, ...others]).size).toBe(asked.length + others.length);
    expect(Object.keys(IN_SCOPE).sort()).toEqual([...knowledge.topics.keys()]);
  });
});

describe('createNgramMatcher', () => {
  test('a sample question is its own topic, with score 1', () => {
    for (const { topic, language, question } of samples()) {
      expect(matcher.match(question, language)[0]).toEqual({ intent: topic, language, score: 1 });
    }
  });

  test('questions kept from it: most get the right answer, few a wrong one', () => {
    const heldOut = inScope(1);
    const best = (question: string, language: Language) => matcher.match(question, language)[0];
    const isSure = (score: number | undefined) => (score ?? 0) >= matcher.sure;
    const right = share(heldOut, ({ topic, language, question }) => {
      const match = best(question, language);
      return match?.intent === topic && isSure(match.score);
    });
    const wrong = share(heldOut, ({ topic, language, question }) => {
      const match = best(question, language);
      return match?.intent !== topic && isSure(match?.score);
    });
    const offered = share(heldOut, ({ topic, language, question }) =>
      matcher
        .match(question, language)
        .slice(0, 3)
        .some(({ intent, score }) => intent === topic && score >= matcher.possible),
    );
    expect(right).toBeGreaterThanOrEqual(0.75);
    expect(wrong).toBeLessThanOrEqual(0.04);
    expect(offered).toBeGreaterThanOrEqual(0.93);
  });

  test('what the shop has no answer to is nearly never answered', () => {
    const others = LANGUAGES.flatMap((language) =>
      OUT_OF_SCOPE[language].map((question) => ({ language, question })),
    );
    const scoreOf = ({ question, language }: (typeof others)[number]) =>
      matcher.match(question, language)[0]?.score ?? 0;
    expect(share(others, (one) => scoreOf(one) >= matcher.sure)).toBeLessThanOrEqual(0.05);
    expect(share(others, (one) => scoreOf(one) >= matcher.possible)).toBeLessThanOrEqual(0.3);
  });

  test('typing errors, capitals and missing accents do not matter much', () => {
    for (const question of [
      'ONDE ESTA MEU PEDDIDO',
      'onde esta mue pedido??',
      'ónde está meu pedido',
    ]) {
      const match = matcher.match(question, 'pt')[0];
      expect(match?.intent).toBe('rastrear-pedido');
      expect(match?.score).toBeGreaterThanOrEqual(matcher.sure);
    }
  });

  test('the hint decides what is as good in either language', () => {
    const both: Knowledge = {
      ...knowledge,
      topics: new Map([
        [
          'pix',
          {
            id: 'pix',
            title: { pt: 'Pix', en: 'Pix' },
            speech: {
              pt: { questions: ['Pix'], answer: 'Sim' },
              en: { questions: ['Pix'], answer: 'Yes' },
            },
            followUps: [],
          },
        ],
      ]),
    };
    const twin = createNgramMatcher(both);
    expect(twin.match('pix?', 'pt')).toEqual([{ intent: 'pix', language: 'pt', score: 1 }]);
    expect(twin.match('pix?', 'en')).toEqual([{ intent: 'pix', language: 'en', score: 1 }]);
  });

  test('finds nothing in what has no words', () => {
    expect(matcher.match('', 'pt')).toEqual([]);
    expect(matcher.match(' ?!… ', 'pt')).toEqual([]);
  });

  test('any text gives scores above 0 up to 1, each topic once, best first, the same each time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        const matches = matcher.match(text, 'en');
        const scores = matches.map(({ score }) => score);
        expect(scores.every((score) => score > 0 && score <= 1)).toBe(true);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
        expect(new Set(matches.map(({ intent }) => intent)).size).toBe(matches.length);
        expect(matcher.match(text, 'en')).toEqual(matches);
      }),
    );
  });
});
