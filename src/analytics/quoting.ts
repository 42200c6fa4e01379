/** A text as SQL writes it. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A path whose own `*`, `?` and `[` stand for themselves in a glob of DuckDB's. */
export function escapeGlob(path: string): string {
  return path.replace(/[*?[]/g, '[$&]');
}
