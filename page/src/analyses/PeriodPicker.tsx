import { Button, Popover, VisuallyHidden } from '@mantine/core';
import { DatePicker, DatesProvider } from '@mantine/dates';
import { useMediaQuery } from '@mantine/hooks';
import { IconCalendar, IconChevronDown } from '@tabler/icons-react';
import 'dayjs/locale/en-gb';
import 'dayjs/locale/pt-br';
import { useState } from 'react';
import { useSetParams } from '../app/useSetParams.ts';
import { useText } from '../i18n/language.tsx';
import { formatPeriod } from '../shared/format.ts';
import styles from './PeriodPicker.module.css';
import { PRESETS, presetPeriod } from './scope.ts';
import type { Scope } from './scope.ts';

/** Chooses the days that every number and chart is about: by name, or in a calendar. */
export function PeriodPicker({ scope, today }: { readonly scope: Scope; readonly today: string }) {
  const text = useText();
  const words = text.analyses;
  const [opened, setOpened] = useState(false);
  const wide = useMediaQuery('(min-width: 720px)', true, { getInitialValueInEffect: false });
  const days = formatPeriod(scope.period, text.locale);
  const label = scope.preset ? words.presets[scope.preset] : words.custom;
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-start"
      trapFocus
      returnFocus
      shadow="md"
    >
      <Popover.Target>
        <Button
          className={styles.button}
          variant="default"
          size="xs"
          leftSection={<IconCalendar size={16} stroke={1.6} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
          onClick={() => {
            setOpened(!opened);
          }}
        >
          <VisuallyHidden>{words.period}: </VisuallyHidden>
          {label} {scope.problem === null && <span className={styles.days}>{days}</span>}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={styles.dropdown} aria-label={words.period}>
        <Choices
          scope={scope}
          today={today}
          columns={wide ? 2 : 1}
          onDone={() => {
            setOpened(false);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

function Choices(props: {
  readonly scope: Scope;
  readonly today: string;
  readonly columns: 1 | 2;
  readonly onDone: () => void;
}) {
  const { scope, today, columns, onDone } = props;
  const { locale, analyses: words } = useText();
  const setParams = useSetParams();
  const { from, to } = scope.period;
  const [range, setRange] = useState<[string | null, string | null]>([from, to]);
  return (
    <div className={styles.choices}>
      <ul className={styles.presets} aria-label={words.presetsLabel}>
        {PRESETS.map((preset) => (
          <li key={preset}>
            <button
              type="button"
              className={styles.preset}
              aria-pressed={preset === scope.preset}
              title={formatPeriod(presetPeriod(preset, today), locale)}
              onClick={() => {
                setParams({ period: preset, from: null, to: null });
                onDone();
              }}
            >
              {words.presets[preset]}
            </button>
          </li>
        ))}
      </ul>
      <DatesProvider settings={{ locale: locale.toLowerCase() }}>
        <DatePicker
          type="range"
          size="sm"
          className={styles.calendar ?? ''}
          numberOfColumns={columns}
          columnsToScroll={1}
          allowSingleDateInRange
          maxDate={today}
          defaultDate={columns === 2 ? monthBefore(to) : to}
          value={range}
          firstDayOfWeek={locale === 'pt-BR' ? 0 : 1}
          weekendDays={[]}
          hideOutsideDates
          weekdayFormat={(day) => weekdayOf(day, locale)}
          ariaLabels={words.calendar}
          onChange={(value) => {
            setRange(value);
            const [first, last] = value;
            if (first === null || last === null) return;
            setParams({ period: null, from: first, to: last });
            onDone();
          }}
        />
      </DatesProvider>
    </div>
  );
}

/** A weekday in three letters. @param day any of them, YYYY-MM-DD */
function weekdayOf(day: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' })
    .format(new Date(`${day}T00:00:00Z`))
    .slice(0, 3);
}

/** Of two months the second is to be the period's last. */
function monthBefore(day: string): string {
  const [year = 0, month = 0] = day.split('-').map(Number);
  return month === 1 ? `${year - 1}-12-01` : `${year}-${String(month - 1).padStart(2, '0')}-01`;
}
