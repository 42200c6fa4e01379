import { IconMessageCircle } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { LakeStatus, RowsBehind } from '../../../src/local/api.ts';
import { formatValue, isNumeric } from '../../../src/charts/format.ts';
import { hrefOf } from '../app/place.ts';
import { useLanguage } from '../i18n/language.tsx';
import styles from './PlainRows.module.css';

/** Days that another column tells, too. */
const LEFT_OUT = 'context_date';

/** How numbers of these columns are read; all others are plain numbers. */
const UNITS: Readonly<Record<string, string | null>> = {
  duration: 'seconds',
  chat_id: null,
  user_id: null,
};

/** Sessions and runs, column by column; a session is a link to where its conversation begins. */
export function PlainRows(props: {
  readonly rows: RowsBehind;
  readonly lake: LakeStatus;
  /** A chat's or a person's name; null where none is known. */
  readonly nameOf: (id: number) => string | null;
}) {
  const { rows, lake, nameOf } = props;
  const { text, language } = useLanguage();
  const words = text.analyses;
  const names: Readonly<Record<string, string>> = words.columnNames;
  const columns = rows.columns
    .map((name, at) => ({
      name,
      at,
      type: rows.types[at] ?? 'varchar',
      unit: name in UNITS ? (UNITS[name] ?? null) : 'amount',
      isId: name === 'chat_id' || name === 'user_id',
    }))
    .filter(({ name }) => name !== LEFT_OUT);
  return (
    <div className={styles.scroller} tabIndex={0} role="region" aria-label={words.rowsBehind}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col" data-number={isAmount(column) || undefined}>
                {names[column.name] ?? column.name}
              </th>
            ))}
            <th scope="col">
              <span className={styles.hidden}>{words.openConversation}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.rows.map((row, index) => {
            const href = sessionHref(rows, row, lake);
            return (
              <tr key={index} data-way={href !== null || undefined}>
                {columns.map((column) => {
                  const value = row[column.at];
                  const name = column.isId && typeof value === 'number' ? nameOf(value) : null;
                  return (
                    <td key={column.name} data-number={isAmount(column) || undefined}>
                      {name ?? formatValue(value, column, language)}
                    </td>
                  );
                })}
                <td className={styles.way}>
                  {href !== null && (
                    <Link href={href} className={styles.link} aria-label={words.openConversation}>
                      <IconMessageCircle size={16} stroke={1.6} aria-hidden />
                    </Link>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function isAmount(column: { readonly type: string; readonly isId: boolean }): boolean {
  return isNumeric(column) && !column.isId;
}

/** The conversation where a session begins; null for what is none. */
function sessionHref(
  { columns }: RowsBehind,
  row: RowsBehind['rows'][number],
  lake: LakeStatus,
): string | null {
  const valueOf = (name: string) => row[columns.indexOf(name)] ?? null;
  const chat = valueOf('chat_id');
  const time = valueOf('started_at');
  if (typeof chat !== 'number' || typeof time !== 'string') return null;
  const params = new URLSearchParams({ day: String(valueOf('context_date')), time });
  return hrefOf({ lake: lake.id, screen: 'chat', chat, params });
}
