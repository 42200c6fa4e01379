import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';

import {
  ANALYSES_PAGE,
  SQL_PAGE,
  comparisonBlocks,
  sampleBlocks,
} from '../../../scripts/analyses-docs.ts';
import { withBlocks } from '../../../scripts/markdown.ts';
import { temporaryFolder } from '../../support/folders.ts';

test('docs/analyses.md is up to date; if not: npx tsx scripts/analyses-docs.ts', async () => {
  const folder = await temporaryFolder();
  try {
    const page = await withBlocks(ANALYSES_PAGE, await comparisonBlocks(folder.path));
    expect(await readFile(ANALYSES_PAGE, 'utf8')).toBe(page);
  } finally {
    await folder.remove();
  }
});

test('sql/README.md is up to date; if not: npx tsx scripts/analyses-docs.ts', async () => {
  const folder = await temporaryFolder();
  try {
    const page = await withBlocks(SQL_PAGE, await sampleBlocks(folder.path));
    expect(await readFile(SQL_PAGE, 'utf8')).toBe(page);
  } finally {
    await folder.remove();
  }
});
