import { expect, test } from '@jest/globals';

import { packKnowledge, unpackKnowledge } from '../../../src/bot/bundledKnowledge.ts';
import { loadKnowledge } from '../../../src/bot/knowledge.ts';

test('a knowledge base comes out of its bundle as it went in', async () => {
  const knowledge = await loadKnowledge('knowledge');
  const unpacked = unpackKnowledge(packKnowledge(knowledge));
  expect(unpacked).toEqual(knowledge);
  expect([...unpacked.topics.keys()]).toEqual([...knowledge.topics.keys()]);
  expect(unpacked.greeting).toBe(unpacked.topics.get(knowledge.greeting?.id ?? ''));
});

test('one without menu and roles does, too', () => {
  const empty = { topics: new Map(), menu: [], greeting: null, contact: null, hash: 'h' };
  expect(unpackKnowledge(packKnowledge(empty))).toEqual(empty);
});
