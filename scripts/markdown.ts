import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';

/** A Markdown table. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly (boolean | number | string | null)[])[],
): string {
  const line = (cells: (typeof rows)[number]): string =>
    `| ${cells.map((cell) => String(cell ?? '').replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Markdown as the project's formatter would write it. */
export async function formatted(file: string, markdown: string): Promise<string> {
  return format(markdown, { ...(await resolveConfig(file)), filepath: file });
}

/**
 * Fills the generated blocks of a page, which stand between `<!-- generated: name -->` and
 * `<!-- end -->`; blocks that are not among `contents` stay as they are.
 *
 * @throws Error when the page has no block of that name
 */
export async function withBlocks(
  file: string,
  contents: Readonly<Record<string, string>>,
): Promise<string> {
  let page = await readFile(file, 'utf8');
  for (const [name, content] of Object.entries(contents)) {
    const begin = `<!-- generated: ${name} -->`;
    const [before, after, ...more] = page.split(begin);
    const end = after?.indexOf('<!-- end -->') ?? -1;
    if (before === undefined || after === undefined || end === -1 || more.length > 0) {
      throw new Error(`${file} has no single block "${begin}" … "<!-- end -->".`);
    }
    page = `${before}${begin}\n\n${content}\n\n${after.slice(end)}`;
  }
  return formatted(file, page);
}

/** Fills the generated blocks of a page and writes it. */
export async function writeBlocks(
  file: string,
  contents: Readonly<Record<string, string>>,
): Promise<void> {
  await writeFile(file, await withBlocks(file, contents));
}
