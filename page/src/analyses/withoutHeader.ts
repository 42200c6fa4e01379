/** A query without the lines of comment that its file opens with: the page shows what they say. */
export function withoutHeader(sql: string): string {
  return sql.replace(/^(?:--[^\n]*\n)+\s*/, '');
}
