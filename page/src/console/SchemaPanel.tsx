import { CloseButton, TextInput } from '@mantine/core';
import { IconChevronRight, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import type { SqlSchema } from '../../../src/local/api.ts';
import { useText } from '../i18n/language.tsx';
import styles from './SchemaPanel.module.css';
import { columnText } from './dialect.ts';

type Table = SqlSchema['tables'][number];

/** The tables with those of their columns that a search finds; all of them without one. */
function found(tables: readonly Table[], search: string): readonly Table[] {
  const wanted = search.trim().toLowerCase();
  if (wanted === '') return tables;
  return tables.flatMap((table) => {
    if (table.name.includes(wanted)) return [table];
    const columns = table.columns.filter(
      ({ name, meaning }) => name.includes(wanted) || meaning.toLowerCase().includes(wanted),
    );
    return columns.length > 0 ? [{ ...table, columns }] : [];
  });
}

/** Tables and views with their columns, types and meanings; a click puts a name into the query. */
export function SchemaPanel(props: {
  readonly schema: SqlSchema;
  readonly onInsert: (text: string) => void;
  /** Where the panel lies over the rest. */
  readonly onClose?: () => void;
}) {
  const { schema, onInsert, onClose } = props;
  const text = useText().console;
  const [search, setSearch] = useState('');
  const [open, setOpen] = useState<readonly string[]>(['messages']);
  const tables = found(schema.tables, search);
  const isOpen = (name: string) => search.trim() !== '' || open.includes(name);
  return (
    <div className={styles.panel}>
      <div className={styles.header}>
        <h2 className={styles.title}>{text.tables}</h2>
        {onClose && <CloseButton aria-label={text.close} onClick={onClose} />}
        <TextInput
          className={styles.search}
          size="xs"
          type="search"
          aria-label={text.filter}
          placeholder={text.filter}
          leftSection={<IconSearch size={14} aria-hidden />}
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
          }}
        />
      </div>
      <ul className={styles.tables}>
        {tables.map((table) => (
          <li key={table.name}>
            <div className={styles.table}>
              <button
                type="button"
                className={styles.fold}
                aria-expanded={isOpen(table.name)}
                onClick={() => {
                  setOpen((before) =>
                    before.includes(table.name)
                      ? before.filter((name) => name !== table.name)
                      : [...before, table.name],
                  );
                }}
              >
                <IconChevronRight size={14} aria-hidden className={styles.chevron} />
                <span className={styles.name}>{table.name}</span>
                <span className={styles.type}>{text[table.kind]}</span>
              </button>
              <button
                type="button"
                className={styles.insert}
                aria-label={text.insertTable(table.name)}
                onClick={() => {
                  onInsert(table.name);
                }}
              >
                +
              </button>
            </div>
            {isOpen(table.name) && (
              <>
                <p className={styles.about} lang="en">
                  {table.description}
                </p>
                <ul>
                  {table.columns.map(({ name, type, meaning }) => (
                    <li key={name}>
                      <button
                        type="button"
                        className={styles.column}
                        onClick={() => {
                          onInsert(columnText(name));
                        }}
                      >
                        <span className={styles.name}>{name}</span>
                        <span className={styles.type}>{type}</span>
                        <span className={styles.meaning} lang="en">
                          {meaning}
                        </span>
                      </button>
                    </li>
                  ))}
                </ul>
              </>
            )}
          </li>
        ))}
      </ul>
      {tables.length === 0 && <p className={styles.nothing}>{text.nothingFound}</p>}
      <p className={styles.hint}>{text.tablesHint}</p>
    </div>
  );
}
