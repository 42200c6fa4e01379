/**
 * Checks the files of `sql/`: headers, columns, the expressions for the rows behind, and that Athena
 * and DuckDB understand each query alike. `npm run check:sql`.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

import { parseAnalysis } from '../src/analytics/analyses.ts';
import { QueryError } from '../src/analytics/athena/dialect.ts';
import { checkAnalysis } from '../src/analytics/checkAnalysis.ts';
import { openAnalytics } from '../src/analytics/duckdb.ts';
import type { Engine } from '../src/analytics/engine.ts';
import { HeaderError } from '../src/analytics/header.ts';

/**
 * All that is wrong with a folder of analyses, each with file, line and remedy; empty when nothing is.
 *
 * @param folder usually the project's `sql/`
 */
export async function checkSql(folder: string): Promise<readonly string[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  const headers = await mistakesIn(files, async (file) =>
    parseAnalysis(file, await readFile(join(folder, file), 'utf8')),
  );
  if (headers.length > 0) return headers;
  const empty = await mkdtemp(join(tmpdir(), 'chatbot-'));
  let engine: Engine | undefined;
  try {
    const opened = await openAnalytics({ enrichedFolder: empty, sqlFolder: folder });
    engine = opened;
    const views = await readdir(join(folder, 'views'));
    return [
      ...(await mistakesIn(views.sort(), async (file) => {
        await checkView(
          opened,
          `views/${file}`,
          await readFile(join(folder, 'views', file), 'utf8'),
        );
      })),
      ...(await mistakesIn(opened.analyses, (analysis) => checkAnalysis(opened, analysis))),
    ];
  } catch (error) {
    if (error instanceof QueryError) return [error.message];
    throw error;
  } finally {
    engine?.close();
    await rm(empty, { recursive: true, force: true });
  }
}

/** @throws HeaderError when a view uses what Athena and DuckDB do not understand alike */
async function checkView(engine: Engine, file: string, sql: string): Promise<void> {
  try {
    await engine.run(sql);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const message = error.message.replace(/^line (\d+), column (\d+)/, `${file}:$1:$2`);
    throw new HeaderError(message.startsWith(file) ? message : `${file}: ${message}`);
  }
}

async function mistakesIn<Item>(
  items: readonly Item[],
  check: (item: Item) => Promise<unknown>,
): Promise<readonly string[]> {
  const mistakes: string[] = [];
  for (const item of items) {
    try {
      await check(item);
    } catch (error) {
      if (!(error instanceof HeaderError)) throw error;
      mistakes.push(error.message);
    }
  }
  return mistakes;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const mistakes = await checkSql('sql');
  for (const mistake of mistakes) process.stderr.write(`sql/${mistake}\n`);
  if (mistakes.length > 0) process.exitCode = 1;
}
