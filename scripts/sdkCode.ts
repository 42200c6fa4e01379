import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** How a client of the SDK makes itself known an error of its service. */
const REGISTRATION = /^n0_registry\.registerError\(\w+\$, (\w+)\);$/gm;

/** A text that a client calls by a name, for instance `const _e = "error";`. */
const TEXT = /^const (_\w+) = ("[^"]*");$/gm;

/** Such a name as the key of an object: `{ [_e]: _c, [_hE]: 404 }`. */
const KEY = /(?<=[{,]\s*)\[(_\w+)\](?=:)/g;

/** All that the functions' own code names. */
export async function namesOf(project: string): Promise<ReadonlySet<string>> {
  const folders = ['functions', 'src'].map(async (folder) => {
    const root = join(project, folder);
    const files = await readdir(root, { recursive: true });
    const code = files.filter((file) => file.endsWith('.ts'));
    return Promise.all(code.map((file) => readFile(join(root, file), 'utf8')));
  });
  const texts = (await Promise.all(folders)).flat();
  return new Set(texts.flatMap((text) => text.match(/\w+/g) ?? []));
}

/**
 * Leaves out the errors of AWS's services that nobody names: one of these comes as an error of its
 * client, with its own name, message and status, as those do that the SDK does not know. SSM has 140;
 * the classes of all are a tenth of the webhook's code, and 10 ms of its start.
 */
function withoutUnnamedErrors(code: string, names: ReadonlySet<string>): string {
  return code.replace(REGISTRATION, (line, error: string) => (names.has(error) ? line : ''));
}

/**
 * Writes keys out: to look up a name might run code, for all that esbuild knows, so it keeps each
 * object that has one. Without the schemas that nobody uses the webhook starts 14 ms earlier.
 */
function withLiteralKeys(code: string): string {
  const texts = new Map(Array.from(code.matchAll(TEXT), ([, name, text]) => [name, text]));
  return code.replace(KEY, (key, name: string) => texts.get(name) ?? key);
}

/**
 * Makes the code of a client of the SDK such that esbuild leaves out what nobody needs of it.
 *
 * @param code of any package: others have nothing of that kind, and stay as they are
 * @param names see {@link namesOf}
 */
export function shakeable(code: string, names: ReadonlySet<string>): string {
  return withLiteralKeys(withoutUnnamedErrors(code, names));
}
