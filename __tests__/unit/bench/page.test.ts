import { describe, expect, test } from '@jest/globals';

import { wholePage, withSections } from '../../../bench/page.ts';

const circumstances = {
  machine: 'A machine, 2 cores',
  date: '2026-11-27',
  software: 'Ours on Node 22; a peer 1.2.3',
};
const titles = ['Reading', 'Writing'];
const page = `${wholePage(
  circumstances,
  titles.map((title) => ({ title, text: `${title} in 2 s.` })),
)}\n`;

describe('the page of the benchmarks', () => {
  test('says of all where, when and with what', () => {
    expect(page).toContain('A machine, 2 cores, on 2026-11-27. Ours on Node 22; a peer 1.2.3.\n');
    expect(page.split('\n').filter((line) => line.startsWith('## '))).toEqual([
      '## Reading',
      '## Writing',
    ]);
  });

  test('takes a section that was measured in the same circumstances as it is', () => {
    const again = withSections(
      page,
      circumstances,
      [{ title: 'Reading', text: 'Reading in 1 s.' }],
      titles,
    );
    expect(again).toBe(page.replace('Reading in 2 s.', 'Reading in 1 s.'));
  });

  test('has a section say what differs, and nothing of that stay when it is measured once more', () => {
    const sections = [{ title: 'Writing', text: 'Writing in 1 s.' }];
    const later = withSections(page, { ...circumstances, date: '2026-11-28' }, sections, titles);
    expect(later).toBe(
      page.replace('Writing in 2 s.', 'This part: on 2026-11-28.\n\nWriting in 1 s.'),
    );
    const elsewhere = { ...circumstances, machine: 'Another', software: 'Ours on Node 24' };
    expect(withSections(later, elsewhere, sections, titles)).toBe(
      page.replace('Writing in 2 s.', 'This part: Another; Ours on Node 24.\n\nWriting in 1 s.'),
    );
    expect(withSections(later, circumstances, sections, titles)).toBe(
      page.replace('Writing in 2 s.', 'Writing in 1 s.'),
    );
  });

  test('puts a new section where it belongs, and leaves out what is measured no more', () => {
    const section = { title: 'Asking', text: 'Asking in 3 s.' };
    const changed = withSections(page, circumstances, [section], ['Asking', 'Writing']);
    expect(changed.split('\n').filter((line) => line.startsWith('## '))).toEqual([
      '## Asking',
      '## Writing',
    ]);
    expect(changed).not.toContain('Reading');
  });
});
