import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { BUILT_PAGE_FOLDER, PACKAGE_FOLDER, PAGE_FOLDER } from './paths.ts';

/** The page cannot be built; the message says what to do. */
class PageBuildError extends Error {
  override readonly name = 'PageBuildError';
}

/** When the newest file of a folder was changed, Unix milliseconds; 0 when there is none. */
async function newestChange(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const times = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).mtimeMs),
  );
  return times.reduce((newest, time) => Math.max(newest, time), 0);
}

/** Why the page must be built: it is missing, or older than its sources. null: it need not. */
export async function pageBuildReason(
  built = BUILT_PAGE_FOLDER,
  sources = PAGE_FOLDER,
): Promise<'missing' | 'outdated' | null> {
  const index = await stat(join(built, 'index.html')).catch(() => null);
  if (!index) return 'missing';
  return index.mtimeMs < (await newestChange(sources)) ? 'outdated' : null;
}

function viteProgram(): string {
  try {
    const manifest = createRequire(import.meta.url).resolve('vite/package.json');
    return join(dirname(manifest), 'bin', 'vite.js');
  } catch (error) {
    throw new PageBuildError('The page is not built and Vite is not installed. Run: npm ci', {
      cause: error,
    });
  }
}

/**
 * Builds the page in a process of its own, as `npm run build:page` does.
 *
 * @throws PageBuildError with the end of Vite's output
 */
export async function buildPage(): Promise<void> {
  const build = spawn(process.execPath, [viteProgram(), 'build', PAGE_FOLDER], {
    cwd: PACKAGE_FOLDER,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [build.stdout, build.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    build.once('error', reject).once('close', resolve);
  });
  if (code !== 0) {
    throw new PageBuildError(
      `The page could not be built (vite build page):\n${output.slice(-2000)}`,
    );
  }
}
