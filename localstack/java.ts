import { spawnSync } from 'node:child_process';
import { readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** The oldest Java that Trino 476 runs on ("Deploying Trino" in its documentation). */
const OLDEST = 24;

/** Where `npm run setup:trino` puts a Java if the machine has none. */
const OWN = fileURLToPath(new URL('../.cache/trino/java', import.meta.url));

function listed(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function real(file: string): string | null {
  try {
    return realpathSync(file);
  } catch {
    return null;
  }
}

/** The first number of `java -version`, for instance 25; null when that is no Java. */
function majorVersion(java: string): number | null {
  const { error, stderr } = spawnSync(java, ['-version'], { encoding: 'utf8' });
  const major = error ? undefined : /version "(\d+)/.exec(stderr)?.[1];
  return major === undefined ? null : Number(major);
}

/**
 * Finds a Java that is new enough for Trino: the one that the variable CHATBOT_JAVA names, that of
 * JAVA_HOME, the one on the PATH, one that lies beside either, or the one of `npm run setup:trino`.
 *
 * @param env for instance `process.env`
 * @returns the program's path; null when there is none
 */
export function findJava(env: NodeJS.ProcessEnv = process.env): string | null {
  const inHome = (home: string): string => join(home, 'bin', 'java');
  const onPath = (env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => real(join(folder, 'java')) ?? [])
    .map((java) => dirname(dirname(java)));
  const homes = [real(env['JAVA_HOME'] ?? '') ?? [], ...onPath].flat();
  const candidates = [
    env['CHATBOT_JAVA'] ?? '',
    ...homes.map(inHome),
    ...homes.flatMap((home) => listed(dirname(home)).map(inHome)),
    inHome(OWN),
  ].flatMap((java) => real(java) ?? []);
  return [...new Set(candidates)].find((java) => (majorVersion(java) ?? 0) >= OLDEST) ?? null;
}
