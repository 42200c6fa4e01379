import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** How a client of the SDK makes itself known an error of its service. */
const REGISTRATION = /^n0_registry\.registerError\(\w+\$, (\w+)\);$/gm;

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
 * the classes and schemas of all are a tenth of the webhook's code, and 8 ms of its start.
 *
 * @param code of a package
 * @param names see {@link namesOf}
 */
export function withoutUnnamedErrors(code: string, names: ReadonlySet<string>): string {
  return code.replace(REGISTRATION, (line, error: string) => (names.has(error) ? line : ''));
}
