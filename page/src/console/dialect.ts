import {
  type Completion,
  type CompletionSource,
  completeFromList,
  ifNotIn,
  snippetCompletion,
} from '@codemirror/autocomplete';
import { SQLDialect, type SQLNamespace, sql } from '@codemirror/lang-sql';
import type { Extension } from '@codemirror/state';
import type { SqlSchema } from '../../../src/local/api.ts';

const KEYWORDS =
  'all and as asc between by case cast cross current_date desc distinct else end except exists ' +
  'extract false filter first following for from full group having if in inner intersect interval ' +
  'is join last left like limit not null nulls offset on or order outer over partition preceding ' +
  'range right row rows select then true unbounded union unnest using values when where with';
const TYPES = 'bigint boolean date double integer timestamp varchar';

/** Names that SQL would take for something else. */
const RESERVED: ReadonlySet<string> = new Set(['date']);

/** Where no name of a column can stand. */
const ELSEWHERE = ['QuotedIdentifier', 'String', 'LineComment', 'BlockComment', '.'];

/** A column's name as a query writes it. */
export function columnText(name: string): string {
  return RESERVED.has(name) ? `"${name}"` : name;
}

function columnCompletions(table: SqlSchema['tables'][number]): readonly Completion[] {
  return table.columns.map(({ name, type, meaning }) => ({
    label: name,
    type: 'property',
    apply: columnText(name),
    detail: type,
    info: meaning,
  }));
}

/** Columns of the tables that the query names anywhere; of `messages` where it names none. */
function columnsInReach(schema: SqlSchema): CompletionSource {
  const byTable = schema.tables.map((table) => ({
    named: new RegExp(`\\b${table.name}\\b`, 'i'),
    table,
  }));
  return ifNotIn(ELSEWHERE, (context) => {
    const text = context.state.doc.toString();
    const found = byTable.filter(({ named }) => named.test(text));
    const tables = found.length > 0 ? found : byTable.slice(0, 1);
    const columns = new Map(
      tables
        .flatMap(({ table }) => columnCompletions(table))
        .map((completion) => [completion.label, { ...completion, boost: 2 }]),
    );
    return completeFromList([...columns.values()])(context);
  });
}

/**
 * The SQL that Athena and DuckDB understand alike: colours, and completion of keywords, functions,
 * tables and columns, the latter with type and meaning.
 */
export function athenaSql(schema: SqlSchema): Extension {
  const dialect = SQLDialect.define({
    keywords: KEYWORDS,
    types: TYPES,
    builtin: schema.functions.join(' '),
  });
  const functions = new Set(schema.functions);
  const tables: SQLNamespace = Object.fromEntries(
    schema.tables.map((table) => [
      table.name,
      {
        self: { label: table.name, type: 'class', detail: table.kind, info: table.description },
        children: columnCompletions(table),
      },
    ]),
  );
  return [
    sql({
      dialect,
      schema: tables,
      upperCaseKeywords: true,
      keywordCompletion: (label, type) => {
        const name = label.toLowerCase();
        return functions.has(name)
          ? snippetCompletion(`${name}(\${})`, { label: name, type: 'function' })
          : { label, type };
      },
    }),
    dialect.language.data.of({ autocomplete: columnsInReach(schema) }),
  ];
}
