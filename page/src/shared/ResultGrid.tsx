import { useVirtualizer } from '@tanstack/react-virtual';
import { useId, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { SqlResult } from '../../../src/local/api.ts';
import { useText } from '../i18n/language.tsx';
import { CopyIcon } from './CopyIcon.tsx';
import styles from './ResultGrid.module.css';
import { columnWidths } from './columnWidths.ts';

const ROW_HEIGHT = 32;

/** Rows that one key leads over. */
const PAGE = 20;

const NUMBERS: ReadonlySet<string> = new Set(['bigint', 'double', 'integer']);

interface Cell {
  readonly row: number;
  readonly column: number;
}

/** Where a key leads from a cell; null for keys that lead nowhere. */
function moved(
  { row, column }: Cell,
  { key, ctrlKey, metaKey }: KeyboardEvent,
  last: Cell,
): Cell | null {
  const far = ctrlKey || metaKey;
  const steps: Readonly<Record<string, Cell>> = {
    ArrowDown: { row: row + 1, column },
    ArrowUp: { row: row - 1, column },
    ArrowRight: { row, column: column + 1 },
    ArrowLeft: { row, column: column - 1 },
    PageDown: { row: row + PAGE, column },
    PageUp: { row: row - PAGE, column },
    Home: { row: far ? 0 : row, column: 0 },
    End: { row: far ? last.row : row, column: last.column },
  };
  const wish = steps[key];
  if (!wish) return null;
  return {
    row: Math.max(0, Math.min(last.row, wish.row)),
    column: Math.max(0, Math.min(last.column, wish.column)),
  };
}

/**
 * The rows of a result; only those in sight are drawn. One cell is selected, by a click or by the
 * arrow keys, and stands below in full.
 */
export function ResultGrid(props: {
  readonly result: Pick<SqlResult, 'columns' | 'rows' | 'types'>;
  readonly label: string;
  /** What a column holds, by its name; stands over its head. */
  readonly meanings?: ReadonlyMap<string, string>;
}) {
  const { result, label, meanings } = props;
  const { columns, types, rows } = result;
  const text = useText();
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [selected, setSelected] = useState<Cell | null>(null);
  const widths = useMemo(() => columnWidths(result), [result]);
  const starts = useMemo(
    () => widths.map((_, index) => widths.slice(0, index).reduce((sum, each) => sum + each, 0)),
    [widths],
  );
  const total = widths.reduce((sum, each) => sum + each, 0);
  // eslint-disable-next-line react-hooks/incompatible-library -- this page is not compiled
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    // The head stays in place above the rows.
    scrollPaddingStart: ROW_HEIGHT,
    overscan: 12,
  });

  const show = (cell: Cell): void => {
    setSelected(cell);
    virtualizer.scrollToIndex(cell.row);
    const element = scroller.current;
    if (!element) return;
    const [from, to] = [
      starts[cell.column] ?? 0,
      (starts[cell.column] ?? 0) + (widths[cell.column] ?? 0),
    ];
    if (from < element.scrollLeft) element.scrollLeft = from;
    else if (to > element.scrollLeft + element.clientWidth) {
      element.scrollLeft = to - element.clientWidth;
    }
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const last = { row: rows.length - 1, column: columns.length - 1 };
    const next = moved(selected ?? { row: 0, column: 0 }, event, last);
    if (!next) return;
    event.preventDefault();
    show(selected ? next : { row: 0, column: 0 });
  };

  const value = selected ? (rows[selected.row]?.[selected.column] ?? null) : null;
  return (
    <div className={styles.whole}>
      <div
        ref={scroller}
        className={styles.scroller}
        role="grid"
        tabIndex={0}
        aria-label={label}
        aria-rowcount={rows.length + 1}
        aria-colcount={columns.length}
        aria-activedescendant={selected ? `${id}-${selected.row}-${selected.column}` : undefined}
        onKeyDown={onKeyDown}
      >
        <div role="rowgroup" className={styles.head} style={{ width: total }}>
          <div role="row" aria-rowindex={1} className={styles.row}>
            {columns.map((name, index) => (
              <div
                key={name}
                role="columnheader"
                className={styles.cell}
                style={{ width: widths[index] }}
                data-number={NUMBERS.has(types[index] ?? '') || undefined}
                title={[`${name} (${types[index] ?? ''})`, meanings?.get(name)]
                  .filter(Boolean)
                  .join('\n')}
              >
                {name}
              </div>
            ))}
          </div>
        </div>
        <div
          role="rowgroup"
          className={styles.body}
          style={{ width: total, height: virtualizer.getTotalSize() }}
        >
          {virtualizer.getVirtualItems().map(({ index: row, start }) => (
            <div
              key={row}
              role="row"
              aria-rowindex={row + 2}
              className={styles.row}
              style={{ transform: `translateY(${start}px)` }}
            >
              {columns.map((name, column) => {
                const cell = rows[row]?.[column] ?? null;
                return (
                  <div
                    key={name}
                    id={`${id}-${row}-${column}`}
                    role="gridcell"
                    className={styles.cell}
                    style={{ width: widths[column] }}
                    data-number={NUMBERS.has(types[column] ?? '') || undefined}
                    data-null={cell === null || undefined}
                    aria-selected={selected?.row === row && selected.column === column}
                    onClick={() => {
                      setSelected({ row, column });
                    }}
                  >
                    {cell === null ? text.console.null : String(cell)}
                  </div>
                );
              })}
            </div>
          ))}
        </div>
      </div>
      {selected && (
        <section className={styles.value} aria-label={text.console.cell}>
          <code className={styles.name}>{columns[selected.column]}</code>
          <pre className={styles.full} tabIndex={0} data-null={value === null || undefined}>
            {value === null ? text.console.null : String(value)}
          </pre>
          <CopyIcon value={String(value ?? '')} label={text.console.copyCell} />
        </section>
      )}
    </div>
  );
}
