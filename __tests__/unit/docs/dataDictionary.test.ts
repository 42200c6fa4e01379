import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';

import { DICTIONARY, dataDictionary } from '../../../scripts/data-dictionary.ts';

test('the data dictionary is up to date; if not: npx tsx scripts/data-dictionary.ts', async () => {
  expect(await readFile(DICTIONARY, 'utf8')).toBe(await dataDictionary());
});
