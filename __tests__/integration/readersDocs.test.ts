import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { HOW_TO_GET_READERS, findPython } from '../../localstack/python.ts';
import { openAnalytics } from '../../src/analytics/duckdb.ts';
import { exportTable } from '../../src/analytics/exportTable.ts';
import { SQL_FOLDER } from '../../src/local/paths.ts';
import { AWKWARD_PERIOD, makeAwkwardLake } from '../support/awkwardLake.ts';
import { temporaryFolder } from '../support/folders.ts';
import { requirement } from '../support/requirement.ts';

const python = findPython('polars');
const PAGE = fileURLToPath(new URL('../../docs/readers.md', import.meta.url));

/** Tells what a snippet has made, in a form that does not depend on the library. */
const REPORT = `
import json
print("\\n#", json.dumps([[str(d)[:10], int(n)] for d, n in
    zip(messages_per_day["context_date"], messages_per_day["message_amount"])]))
`;

interface Snippet {
  readonly heading: string;
  readonly code: string;
}

/** The page's snippets of Python, with the headings they stand under. */
function snippetsOf(page: string): Snippet[] {
  const snippets: Snippet[] = [];
  let heading = '';
  for (const [, title, code] of page.matchAll(/^## (.+)$|^```python\n([^]*?)^```$/gm)) {
    if (title !== undefined) heading = title;
    else if (code !== undefined) snippets.push({ heading, code });
  }
  return snippets;
}

const all = snippetsOf(await readFile(PAGE, 'utf8'));
const runnable = all.filter(({ code }) => !code.startsWith('# needs AWS'));

test('the page shows each program, and one snippet that needs AWS', () => {
  expect(runnable.map(({ heading }) => heading)).toEqual([
    ...['pandas', 'pandas', 'Polars', 'Polars', 'DuckDB', 'DuckDB'],
  ]);
  expect(all.length - runnable.length).toBe(1);
});

requirement(
  'Python with pandas, Polars and DuckDB',
  python !== null,
  HOW_TO_GET_READERS,
)('docs/readers.md', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let expected: unknown;

  beforeAll(async () => {
    folder = await temporaryFolder();
    await makeAwkwardLake(join(folder.path, 'data/own'));
    const enrichedFolder = join(folder.path, 'data/own/enriched');
    const from = { enrichedFolder, sqlFolder: SQL_FOLDER, table: 'messages' } as const;
    for (const format of ['parquet', 'csv', 'duckdb'] as const) {
      await exportTable({ ...from, format, file: join(folder.path, `messages.${format}`) });
    }
    const analytics = await openAnalytics(from);
    const { rows } = await analytics.runAnalysis('messages_per_day', { period: AWKWARD_PERIOD });
    expected = rows.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
    analytics.close();
  });

  afterAll(async () => {
    await folder.remove();
  });

  test.each(runnable.map((snippet, index) => ({ ...snippet, index })))(
    '$heading, snippet $index, gives what sql/messages_per_day.sql gives',
    async ({ code }) => {
      const { stdout } = await promisify(execFile)(python ?? '', ['-c', code + REPORT], {
        cwd: folder.path,
      });
      expect(JSON.parse(stdout.split('\n# ').at(-1) ?? '')).toEqual(expected);
    },
  );
});
