import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** Node's version that the functions run on in AWS; see RUNTIME in infra/function.ts. */
const LAMBDA_VERSION = 'v22.';

/** A Node to run functions with. */
export interface LambdaNode {
  /** Path of the program. */
  readonly path: string;
  /** For instance `v22.23.3`. */
  readonly version: string;
  /** Whether it is the version that AWS runs them on. */
  readonly isLambdas: boolean;
}

/** How to get what {@link findLambdaNode} would rather have found. */
export const HOW_TO_GET_LAMBDA_NODE = 'npm install --prefix .cache/node22 --no-save node@22';

/**
 * Finds Lambda's version of Node: the program that the variable CHATBOT_NODE names, that of
 * `.cache/node22`, or this one, whatever its version.
 */
export function findLambdaNode(): LambdaNode {
  const candidates = [
    process.env['CHATBOT_NODE'] ?? '',
    fileURLToPath(new URL('../.cache/node22/node_modules/node/bin/node', import.meta.url)),
  ];
  for (const path of candidates) {
    if (path === '') continue;
    const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
    if (status !== 0) continue;
    const version = stdout.trim();
    return { path, version, isLambdas: version.startsWith(LAMBDA_VERSION) };
  }
  const { execPath: path, version } = process;
  return { path, version, isLambdas: version.startsWith(LAMBDA_VERSION) };
}
