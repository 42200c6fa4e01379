import { Button, CloseButton, Combobox, useCombobox } from '@mantine/core';
import { IconCheck, IconChevronDown } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useText } from '../i18n/language.tsx';
import { formatNumber } from '../shared/format.ts';
import styles from './ChoiceFilter.module.css';

/** Options shown at a time: the search finds the others. */
const MOST_SHOWN = 60;

/** One thing that can be chosen. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  /** What else it is found by, and stands beside the label. */
  readonly hint: string | null;
  /** How much of it there is in the period. */
  readonly amount: number;
}

/** A filter of several values that are searched by name. */
export function ChoiceFilter(props: {
  /** What is chosen: chats, topics. */
  readonly label: string;
  readonly all: string;
  readonly chosenLabel: (count: number) => string;
  readonly placeholder: string;
  readonly choices: readonly Choice[] | undefined;
  readonly chosen: readonly string[];
  /** @param isFirst whether it is the first change since the list was opened */
  readonly onChange: (chosen: readonly string[], isFirst: boolean) => void;
}) {
  const { label, choices = [], chosen } = props;
  const { locale, analyses: words } = useText();
  const [search, setSearch] = useState('');
  const changed = useRef(false);
  const combobox = useCombobox({
    onDropdownOpen: () => {
      changed.current = false;
      combobox.focusSearchInput();
    },
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      combobox.focusTarget();
      setSearch('');
    },
  });
  const change = (next: readonly string[]) => {
    props.onChange(next, !changed.current);
    changed.current = true;
  };
  const known = new Map(choices.map((choice) => [choice.value, choice]));
  const nameOf = (value: string) => known.get(value)?.label ?? value;
  const found = matching(
    [...choices, ...chosen.filter((value) => !known.has(value)).map(unknown)],
    search,
  );
  const shown = found.slice(0, MOST_SHOWN);
  const [first = ''] = chosen;
  const summary =
    chosen.length === 0
      ? props.all
      : chosen.length === 1 && props.choices
        ? nameOf(first)
        : props.chosenLabel(chosen.length);

  return (
    <div className={styles.filter} data-active={chosen.length > 0 || undefined}>
      <Combobox
        store={combobox}
        width={320}
        position="bottom-start"
        shadow="md"
        onOptionSubmit={(value) => {
          change(
            chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value],
          );
        }}
      >
        <Combobox.Target targetType="button">
          <Button
            className={styles.button}
            variant="default"
            size="xs"
            rightSection={<IconChevronDown size={14} aria-hidden />}
            aria-label={`${label}: ${summary}`}
            onClick={() => {
              combobox.toggleDropdown();
            }}
          >
            <span className={styles.summary}>{summary}</span>
          </Button>
        </Combobox.Target>
        <Combobox.Dropdown className={styles.dropdown}>
          <Combobox.Search
            role="combobox"
            aria-expanded={combobox.dropdownOpened}
            value={search}
            placeholder={props.placeholder}
            aria-label={props.placeholder}
            onChange={({ currentTarget: { value } }) => {
              setSearch(value);
              combobox.selectFirstOption();
            }}
          />
          <Combobox.Options className={styles.options} aria-label={label} aria-multiselectable>
            {shown.map(({ value, label: name, hint, amount }) => {
              const isChosen = chosen.includes(value);
              return (
                <Combobox.Option
                  key={value}
                  value={value}
                  active={isChosen}
                  aria-selected={isChosen}
                  className={styles.option}
                >
                  <span className={styles.box} data-checked={isChosen || undefined} aria-hidden>
                    {isChosen && <IconCheck size={12} stroke={3} />}
                  </span>
                  <span className={styles.name}>
                    {name}
                    {hint !== null && <span className={styles.hint}> {hint}</span>}
                  </span>
                  <span className={styles.amount}>{formatNumber(amount, locale)}</span>
                </Combobox.Option>
              );
            })}
            {found.length === 0 && <Combobox.Empty>{words.nothingFound}</Combobox.Empty>}
          </Combobox.Options>
          {found.length > MOST_SHOWN && (
            <Combobox.Footer className={styles.more}>
              {words.moreChoices(formatNumber(found.length - MOST_SHOWN, locale))}
            </Combobox.Footer>
          )}
        </Combobox.Dropdown>
      </Combobox>
      {chosen.length > 0 && (
        <CloseButton
          size="sm"
          className={styles.clear}
          aria-label={words.clear(label)}
          onClick={() => {
            props.onChange([], true);
          }}
        />
      )}
    </div>
  );
}

function unknown(value: string): Choice {
  return { value, label: value, hint: null, amount: 0 };
}

/** Choices whose name holds every word that is searched, whatever case and accents. */
function matching(choices: readonly Choice[], search: string): readonly Choice[] {
  const words = fold(search).split(/\s+/).filter(Boolean);
  if (words.length === 0) return choices;
  return choices.filter(({ label, hint, value }) => {
    const name = fold(`${label} ${hint ?? ''} ${value}`);
    return words.every((word) => name.includes(word));
  });
}

function fold(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
