import { expect, test } from '@jest/globals';

import { packIndex, unpackIndex } from '../../../src/bot/bundledIndex.ts';
import { type Knowledge, loadKnowledge } from '../../../src/bot/knowledge.ts';
import { indexQuestions } from '../../../src/bot/ngramIndex.ts';
import { createNgramMatcher, matchBy } from '../../../src/bot/ngramMatcher.ts';
import { IN_SCOPE, OUT_OF_SCOPE } from '../../support/questions.ts';

test('an index comes out of its bundle as it went in, wherever it lies in memory', async () => {
  const index = indexQuestions(await loadKnowledge('knowledge'));
  const packed = packIndex(index);
  expect(unpackIndex(packed)).toEqual(index);
  const moved = Buffer.concat([Buffer.alloc(3), packed]).subarray(3);
  expect(unpackIndex(moved)).toEqual(index);
});

test('that of a knowledge base without topics does, too', () => {
  const empty: Knowledge = {
    ...{ topics: new Map(), menu: [], greeting: null, contact: null, hash: 'h' },
  };
  const index = unpackIndex(packIndex(indexQuestions(empty)));
  expect(index).toEqual(indexQuestions(empty));
  expect(matchBy(index).match('pix?', 'pt')).toEqual([]);
});

test('by a bundled index, questions match as they do by the knowledge base', async () => {
  const knowledge = await loadKnowledge('knowledge');
  const own = createNgramMatcher(knowledge);
  const bundled = matchBy(unpackIndex(packIndex(indexQuestions(knowledge))));
  const asked = Object.values(IN_SCOPE).flatMap(({ pt, en }) => [...pt, ...en]);
  for (const question of [...asked, ...OUT_OF_SCOPE.pt, ...OUT_OF_SCOPE.en]) {
    expect(bundled.match(question, 'pt')).toEqual(own.match(question, 'pt'));
  }
});
