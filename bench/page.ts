import { USUAL_START } from './table.ts';

/** Where, when and with what something was measured. */
export interface Circumstances {
  readonly machine: string;
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly software: string;
}

/** What was measured, as the page tells it. */
export interface Section {
  readonly title: string;
  /** Markdown, without the title. */
  readonly text: string;
}

const HEADING = '\n## ';

/** The page with all sections as they were measured now. */
export function wholePage(
  { machine, date, software }: Circumstances,
  sections: readonly Section[],
): string {
  return [
    '# Benchmarks',
    '```bash\nnpm run setup:bench   # the peers, once\nnpm run bench\n```',
    'Written by the command above; `npm run bench -- <part> --write` writes a part anew. Each measurement is a process of its own, and the figures are medians of the rounds that the part names. Machines are noisy: ratios carry over, absolute times do not. Their targets were set on a machine on which an empty Node starts in ' +
      `${USUAL_START} ms; each part says in how many it started here. Where a time misses its target, what it would be on such a machine stands below it (≈): computed, and too little where it waited for a disk or a network.`,
    `${machine}, on ${date}. ${software}.`,
    ...sections.map(({ title, text }) => `## ${title}\n\n${text}`),
  ].join('\n\n');
}

/**
 * A page with some sections measured anew. Those say how they were, where that is not how the page says
 * of all.
 *
 * @param titles of all sections, in their order; others go
 */
export function withSections(
  page: string,
  { machine, date, software }: Circumstances,
  sections: readonly Section[],
  titles: readonly string[],
): string {
  const [head = '', ...old] = page.split(HEADING);
  const differing = [machine, `on ${date}`, software].filter((said) => !head.includes(said));
  const note = differing.length === 0 ? '' : `\n\nThis part: ${differing.join('; ')}.`;
  const texts = new Map([
    ...old.map((text): [string, string] => [text.slice(0, text.indexOf('\n')), text]),
    ...sections.map(({ title, text }): [string, string] => [title, `${title}${note}\n\n${text}\n`]),
  ]);
  return [head, ...titles.flatMap((title) => texts.get(title) ?? [])].join(HEADING);
}
