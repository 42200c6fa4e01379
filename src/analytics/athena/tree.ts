/** A node of the tree that DuckDB's `json_serialize_sql` gives. */
export type Node = Readonly<Record<string, unknown>>;

/** The value as a node; null when it is none. */
export function asNode(value: unknown): Node | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Node)
    : null;
}

/** The value as a list of nodes; empty when it is no list. */
export function nodes(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.map(asNode).filter((node) => node !== null) : [];
}

/** The value as a string; empty when it is none. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Arguments of a function or an operator. */
export function children(node: Node): readonly Node[] {
  return nodes(node['children']);
}

/** Name of the function, lower case; empty when the node calls none. */
export function functionName(node: Node | null): string {
  return text(node?.['function_name']).toLowerCase();
}

/** Parts of a column's name (`m`, `context_date`); empty when the node names none. */
export function columnName(node: Node): readonly string[] {
  const names = node['column_names'];
  return Array.isArray(names) ? names.map(text) : [];
}

/** A constant with its type; null when the node is none. Decimals come without their point. */
export function constant(
  node: Node | undefined,
): { readonly type: string; readonly value: unknown } | null {
  const value = node?.['class'] === 'CONSTANT' ? asNode(node['value']) : null;
  return value === null
    ? null
    : { type: text(asNode(value['type'])?.['id']), value: value['value'] };
}

/** A constant text, lower case. */
export function constantWord(node: Node | undefined): string | null {
  const found = constant(node);
  return found?.type === 'VARCHAR' ? text(found.value).toLowerCase() : null;
}

/** Line and column, from 1, of a position that counts UTF-8 bytes. */
export function place(sql: string, byte: number): string {
  const lines = Buffer.from(sql).subarray(0, byte).toString('utf8').split('\n');
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}
