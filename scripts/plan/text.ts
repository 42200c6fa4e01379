/** Values longer than this are told by their size. */
const LONGEST = 80;

/** Text as Markdown's code, whatever is in it: a plan's values come from whoever wrote the change. */
export function code(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  const longestRun = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longestRun + 1);
  const pad = line.startsWith('`') || line.endsWith('`') || line === '' ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** A value of a plan, in one line. */
export function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'none';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.length} characters` : code(text);
}

/** Text as it is, with nothing in it that Markdown or GitHub would take for more. */
export function plain(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_[\]|#~]/g, '\\$&')
    .replaceAll(/[&<>@]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** A number of bytes for people. */
export function bytes(count: number): string {
  const kilobytes = new Intl.NumberFormat('en', {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  return `${kilobytes.format(count / 1000)} kB`;
}
