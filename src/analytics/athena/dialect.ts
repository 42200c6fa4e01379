import {
  AGGREGATES,
  CASTS,
  EXPRESSIONS,
  FIELDS,
  FORMAT_LETTERS,
  OPERATORS,
  OPERATOR_TYPES,
  REMEDIES,
  SHARED_FUNCTIONS,
  TABLE_TYPES,
  UNITS,
  WHOLE_FUNCTIONS,
  WINDOW_FUNCTIONS,
} from './allowed.ts';
import { MACRO_NAMES } from './macros.ts';
import {
  asNode,
  children,
  columnName,
  constant,
  constantWord,
  functionName,
  nodes,
  place,
  text,
} from './tree.ts';
import type { Node } from './tree.ts';

/** A query cannot be run; the message says why, for who wrote it. */
export class QueryError extends Error {
  override readonly name: string = 'QueryError';
}

/** A query uses what Athena and DuckDB do not understand alike. */
export class DialectError extends QueryError {
  override readonly name = 'DialectError';
}

/** A {@link DialectError} that does not know yet where in the text it stands. */
class Refusal extends Error {
  readonly node: Node;

  constructor(node: Node, what: string, instead = 'docs/analyses.md lists what a query may use') {
    super(`${what} is not understood alike by Athena and DuckDB; ${instead}.`);
    this.node = node;
  }
}

/**
 * Refuses a query that Athena and DuckDB would not understand alike, before it can give a number
 * that Athena would not give.
 *
 * @param sql the query, for line and column in messages
 * @param tree what DuckDB's `json_serialize_sql` makes of it
 * @param tables names of the tables and views there are
 * @throws DialectError naming what is refused, where it stands, and what to write instead
 */
export function checkDialect(sql: string, tree: unknown, tables: readonly string[]): void {
  const statements = parsed(sql, asNode(tree) ?? {});
  const known = [...tables, ...commonTables(statements)];
  try {
    visit(statements, [], known);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const byte = Number(error.node['query_location'] ?? Number.NaN);
    // Nodes that stand nowhere in the text carry the highest 64-bit number.
    const where = byte <= Buffer.byteLength(sql) ? `${place(sql, byte)}: ` : '';
    throw new DialectError(where + error.message);
  }
}

/** The one statement that was parsed. @throws DialectError */
function parsed(sql: string, tree: Node): readonly Node[] {
  if (tree['error'] === true) {
    if (tree['error_type'] === 'not implemented') {
      throw new DialectError('Only SELECT is run here; a query never changes a lake.');
    }
    const position = Number(tree['position'] ?? Number.NaN);
    const where = Number.isNaN(position) ? '' : `${place(sql, position)}: `;
    throw new DialectError(`${where}${text(tree['error_message'])}; correct the query.`);
  }
  const statements = nodes(tree['statements']);
  if (statements.length === 0) throw new DialectError('There is no query; write one SELECT.');
  if (statements.length > 1) {
    throw new DialectError(`There are ${statements.length} statements; run one SELECT at a time.`);
  }
  return statements;
}

/** Names that WITH gives, anywhere in the query. */
function commonTables(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(commonTables);
  const node = asNode(value);
  if (node === null) return [];
  const own = nodes(asNode(node['cte_map'])?.['map']).map(({ key }) => text(key).toLowerCase());
  return [...own, ...Object.values(node).flatMap(commonTables)];
}

/** @param ancestors the expressions around, innermost first */
function visit(value: unknown, ancestors: readonly Node[], tables: readonly string[]): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, ancestors, tables);
    return;
  }
  const node = asNode(value);
  if (node === null) return;
  const isExpression = typeof node['class'] === 'string';
  if (isExpression) checkExpression(node, ancestors);
  else if ('select_list' in node) checkSelect(node);
  else if ('cte_map' in node) checkQuery(node);
  else if ('modifiers' in node || 'type' in node) checkTableOrModifier(node, tables);
  if (isInterval(node)) return;
  const unnested = unnestCall(node);
  if (unnested !== null) {
    visit(children(unnested), ancestors, tables);
    return;
  }
  const around = isExpression ? [node, ...ancestors] : ancestors;
  for (const child of Object.values(node)) visit(child, around, tables);
}

function checkSelect(node: Node): void {
  if (node['sample'] !== null) throw new Refusal(node, 'a sample', 'use a WHERE clause');
  if (node['qualify'] !== null) throw new Refusal(node, 'QUALIFY', 'filter in an outer query');
  if (node['aggregate_handling'] !== 'STANDARD_HANDLING') {
    throw new Refusal(node, 'GROUP BY ALL', 'name the columns, or their numbers');
  }
  const aliases = nodes(node['select_list']).map((item) => text(item['alias']));
  for (const group of nodes(node['group_expressions'])) {
    const [name, ...more] = columnName(group);
    if (name !== undefined && more.length === 0 && aliases.includes(name)) {
      throw new Refusal(group, `GROUP BY with the new name "${name}"`, 'write its number');
    }
  }
}

/** A query that is no SELECT by itself. */
function checkQuery(node: Node): void {
  if (node['type'] !== 'SET_OPERATION_NODE') {
    throw new Refusal(
      node,
      text(node['type']) === 'RECURSIVE_CTE_NODE' ? 'WITH RECURSIVE' : 'this',
    );
  }
  if (text(node['setop_type']).endsWith('BY_NAME')) {
    throw new Refusal(node, 'BY NAME', 'put the columns in the same order on both sides');
  }
}

function checkTableOrModifier(node: Node, tables: readonly string[]): void {
  const type = text(node['type']);
  if (nodes(node['distinct_on_targets']).length > 0) {
    throw new Refusal(node, 'DISTINCT ON', 'use row_number() in a subquery');
  }
  if (type === 'LIMIT_PERCENT_MODIFIER') {
    throw new Refusal(node, 'LIMIT with %', 'use a number of rows');
  }
  if (!('sample' in node)) return;
  if (node['sample'] !== null) throw new Refusal(node, 'a sample', 'use a WHERE clause');
  if (type === 'TABLE_FUNCTION') {
    const call = unnestCall(node);
    if (call !== null) {
      checkUnnest(node, call);
      return;
    }
    const name = functionName(asNode(node['function']));
    throw new Refusal(node, `table function ${name}()`, `read from ${tables.join(', ')}`);
  }
  if (!TABLE_TYPES.has(type)) throw new Refusal(node, `${type} in FROM`);
  if (type === 'JOIN') checkJoin(node);
  if (type !== 'BASE_TABLE') return;
  const name = [node['catalog_name'], node['schema_name'], node['table_name']]
    .map(text)
    .filter((part) => part !== '')
    .join('.');
  if (!tables.includes(name.toLowerCase())) {
    throw new Refusal(node, `table "${name}"`, `there are ${tables.join(', ')}`);
  }
}

/** The call when a table is UNNEST(…); null when it is anything else. */
function unnestCall(node: Node): Node | null {
  const call = node['type'] === 'TABLE_FUNCTION' ? asNode(node['function']) : null;
  return functionName(call) === 'unnest' ? call : null;
}

/** DuckDB would name the column itself, and does not put several lists side by side. */
function checkUnnest(node: Node, call: Node): void {
  const columns = node['column_name_alias'];
  if (text(node['alias']) === '' || !Array.isArray(columns) || columns.length === 0) {
    throw new Refusal(node, 'UNNEST without names', 'write UNNEST(list) AS items (item)');
  }
  if (children(call).length !== 1 || columns.length !== 1) {
    throw new Refusal(node, 'UNNEST of several lists', 'unnest one list at a time');
  }
  if (node['with_ordinality'] !== 'WITHOUT_ORDINALITY') {
    throw new Refusal(node, 'UNNEST WITH ORDINALITY');
  }
}

function checkJoin(node: Node): void {
  const reference = text(node['ref_type']);
  if (reference !== 'REGULAR' && reference !== 'CROSS') {
    throw new Refusal(node, `a ${reference} join`, 'write the condition after ON or USING');
  }
  const type = text(node['join_type']);
  if (type === 'SEMI' || type === 'ANTI') {
    throw new Refusal(node, `a ${type} join`, 'use EXISTS or NOT EXISTS');
  }
}

function checkExpression(node: Node, ancestors: readonly Node[]): void {
  const kind = text(node['class']);
  const type = text(node['type']);
  if (!EXPRESSIONS.has(kind)) throw new Refusal(node, kind);
  if (kind === 'FUNCTION') checkFunction(node, ancestors);
  if (kind === 'WINDOW') checkWindow(node);
  if (kind === 'CAST') checkCast(node);
  if (kind === 'STAR') checkStar(node);
  if (kind === 'CONSTANT') checkConstant(node, ancestors);
  if (kind === 'OPERATOR' && !OPERATOR_TYPES.has(type)) throw new Refusal(node, type);
  if (kind === 'COMPARISON' || kind === 'BETWEEN' || type.startsWith('COMPARE_')) {
    checkComparison(node);
  }
}

function checkFunction(node: Node, ancestors: readonly Node[]): void {
  const name = functionName(node);
  if (node['is_operator'] === true) {
    if (!OPERATORS.has(name)) throw new Refusal(node, `operator ${name}`, REMEDIES.get(name));
    if (name === '/' || name === '%') checkDivision(node, name);
    return;
  }
  if (isInterval(node)) {
    checkInterval(node, ancestors);
    return;
  }
  if (name === 'date_part') {
    checkChoice(node, (field) => `EXTRACT(${field} FROM …)`, FIELDS);
    return;
  }
  const known = SHARED_FUNCTIONS.has(name) || AGGREGATES.has(name) || MACRO_NAMES.has(name);
  if (!known || text(node['catalog']) !== '') {
    throw new Refusal(node, `function ${name}()`, REMEDIES.get(name));
  }
  if (name === 'date_add' || name === 'date_diff' || name === 'date_trunc') {
    checkChoice(node, (unit) => `${name}('${unit}', …)`, UNITS);
  }
  if (name === 'date_format') checkFormat(node);
  if (MACRO_NAMES.has(name) && node['filter'] !== null) {
    throw new Refusal(node, `${name}(…) FILTER`, 'filter in a subquery');
  }
  if (nodes(asNode(node['order_bys'])?.['orders']).length > 0) {
    throw new Refusal(node, `${name}(… ORDER BY …)`, 'order in an outer query');
  }
}

/** A first argument that is one of a few constant words. */
function checkChoice(
  node: Node,
  call: (word: string) => string,
  choices: ReadonlySet<string>,
): void {
  const word = constantWord(children(node)[0]);
  if (word === null || !choices.has(word)) {
    throw new Refusal(node, call(word ?? '…'), `use one of ${[...choices].join(', ')}`);
  }
}

function checkFormat(node: Node): void {
  const format = constant(children(node)[1]);
  if (format === null) {
    throw new Refusal(node, 'a computed format of date_format()', 'write the format as a text');
  }
  for (const [, letter = ''] of text(format.value).matchAll(/%(.?)/gsu)) {
    if (letter === '' || !FORMAT_LETTERS.includes(letter)) {
      throw new Refusal(node, `%${letter} in date_format()`, `use % with one of ${FORMAT_LETTERS}`);
    }
  }
}

function checkWindow(node: Node): void {
  const name = functionName(node);
  if (!AGGREGATES.has(name) && !WINDOW_FUNCTIONS.has(name)) {
    throw new Refusal(node, `${name}(…) OVER`, 'aggregate in a subquery first');
  }
  if (nodes(node['arg_orders']).length > 0) throw new Refusal(node, `${name}(… ORDER BY …) OVER`);
  if (node['exclude_clause'] !== 'NO_OTHER') throw new Refusal(node, 'EXCLUDE in a window');
}

function checkStar(node: Node): void {
  if (node['columns'] === true) throw new Refusal(node, 'ALL or COLUMNS(…)', 'name the columns');
  const changes = ['exclude_list', 'qualified_exclude_list', 'replace_list', 'rename_list'];
  if (changes.some((list) => Array.isArray(node[list]) && node[list].length > 0)) {
    throw new Refusal(node, '* with EXCLUDE, REPLACE or RENAME', 'name the columns');
  }
}

/** Trino's decimals keep their scale (10.0 / 3 is 3.3), so they may only be compared. */
function checkConstant(node: Node, [parent]: readonly Node[]): void {
  const isCompared = ['COMPARISON', 'BETWEEN'].includes(text(parent?.['class']));
  if (constant(node)?.type === 'DECIMAL' && !isCompared) {
    throw new Refusal(node, 'to calculate with a decimal', 'write 1.5e0 instead of 1.5');
  }
}

function checkCast(node: Node): void {
  const type = text(asNode(node['cast_type'])?.['id']);
  const child = asNode(node['child']);
  // How TRUE and FALSE are parsed.
  if (type === 'BOOLEAN' && child?.['class'] === 'CONSTANT') return;
  // 1.5 becomes '1.5E0' in Trino, and times have another form.
  if (type === 'VARCHAR') {
    throw new Refusal(node, 'CAST(… AS VARCHAR)', "use date_format(moment, '%Y-%m-%d') for times");
  }
  if (type === 'DECIMAL') {
    throw new Refusal(node, 'CAST(… AS DECIMAL)', 'use round(x, 2)');
  }
  if (!CASTS.has(type)) {
    throw new Refusal(node, `CAST(… AS ${type})`, `cast to ${[...CASTS].join(', ')}`);
  }
  const rounds = type === 'INTEGER' || type === 'BIGINT';
  // DuckDB rounds .5 to the even number, Trino away from zero.
  if (rounds && !WHOLE_FUNCTIONS.has(functionName(child))) {
    throw new Refusal(
      node,
      `CAST(… AS ${type}) of what may have decimals`,
      `write CAST(round(…) AS ${type})`,
    );
  }
}

function checkDivision(node: Node, operator: string): void {
  const divisor = children(node)[1];
  const number = constant(divisor);
  const isZero = number === null || Number(number.value) === 0;
  // Zero is an error in Trino, and null in DuckDB.
  if (isZero && functionName(divisor ?? null) !== 'nullif') {
    throw new Refusal(node, `${operator} by what may be 0`, `write … ${operator} NULLIF(…, 0)`);
  }
}

/** A date and an interval stay a date in Trino and become a timestamp in DuckDB. */
function checkInterval(node: Node, ancestors: readonly Node[]): void {
  const around = ancestors.find(({ is_operator: isOperator }) => isOperator !== true);
  const kind = around?.['class'];
  if (kind !== 'COMPARISON' && kind !== 'BETWEEN') {
    throw new Refusal(node, 'INTERVAL outside a comparison', "use date_add('day', -7, moment)");
  }
}

/** Whether DuckDB's parser made this of INTERVAL '1' DAY: to_days(CAST(trunc(CAST('1' …)) …)). */
function isInterval(node: Node): boolean {
  if (!/^to_(seconds|minutes|hours|days|months|years)$/.test(functionName(node))) return false;
  let inner = children(node)[0] ?? null;
  while (inner?.['class'] === 'CAST' || functionName(inner) === 'trunc') {
    inner = asNode(inner?.['child']) ?? (inner === null ? null : (children(inner)[0] ?? null));
  }
  return inner?.['class'] === 'CONSTANT';
}

/** Trino does not compare a date with a text, DuckDB does. */
function checkComparison(node: Node): void {
  const sides = [
    ...nodes([node['left'], node['right'], node['input'], node['lower'], node['upper']]),
    ...children(node),
  ];
  if (!sides.some((side) => columnName(side).at(-1)?.toLowerCase() === 'context_date')) return;
  for (const side of sides) {
    const value = constant(side);
    if (value?.type === 'VARCHAR') {
      const day = text(value.value);
      throw new Refusal(
        side,
        `context_date compared with the text '${day}'`,
        `write DATE '${day}'`,
      );
    }
  }
}
