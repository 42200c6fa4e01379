import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Every Markdown file of the project. */
const pages = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
  .trim()
  .split('\n');

/** Targets of a page's links and pictures that lie in the project. */
function localTargets(markdown: string): string[] {
  return [...markdown.matchAll(/\]\((?<target>[^)\s]+)\)/g)]
    .map((match) => match.groups?.['target'] ?? '')
    .filter((target) => !/^(https?:|mailto:|#)/.test(target));
}

describe('documentation', () => {
  test.each(pages)('%s links only to what exists', (page) => {
    const broken = localTargets(readFileSync(join(root, page), 'utf8')).filter(
      (target) => !existsSync(join(root, dirname(page), decodeURI(target.split('#')[0] ?? ''))),
    );
    expect(broken).toEqual([]);
  });

  test('has every setting in the table of docs/configuration.md, with its variable', async () => {
    const { configSchema } = await import('../../../src/config/config.ts');
    const { VARIABLES } = await import('../../../src/config/load.ts');
    const table = readFileSync(join(root, 'docs/configuration.md'), 'utf8');
    for (const key of Object.keys(configSchema.shape)) expect(table).toContain(`| \`${key}\` `);
    for (const variable of Object.keys(VARIABLES)) expect(table).toContain(`\`${variable}\``);
  });
});
