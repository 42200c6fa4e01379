import { SegmentedControl, TextInput } from '@mantine/core';
import { useSetParams } from '../app/place.ts';
import { useText } from '../i18n/language.tsx';
import styles from './PeriodPicker.module.css';
import { PERIODS, periodIn } from './periodIn.ts';

const CUSTOM = 'custom';

/** Chooses the days that every number and chart is about. */
export function PeriodPicker(props: { readonly params: URLSearchParams; readonly today: string }) {
  const text = useText();
  const setParams = useSetParams();
  const { period, days } = periodIn(props.params, props.today);
  return (
    <div className={styles.picker} role="group" aria-label={text.analyses.period}>
      <SegmentedControl
        size="xs"
        aria-label={text.analyses.period}
        value={days === null ? CUSTOM : String(days)}
        data={[
          ...PERIODS.map((count) => ({ value: String(count), label: text.analyses.days(count) })),
          { value: CUSTOM, label: text.analyses.custom },
        ]}
        onChange={(value: string) => {
          setParams(
            value === CUSTOM ? { days: null, ...period } : { days: value, from: null, to: null },
          );
        }}
      />
      {days === null && (
        <div className={styles.dates}>
          <TextInput
            type="date"
            size="xs"
            aria-label={text.analyses.from}
            value={period.from}
            max={period.to}
            required
            onChange={({ currentTarget: { value } }) => {
              if (value !== '')
                setParams({ from: value, to: value > period.to ? value : period.to });
            }}
          />
          <span aria-hidden>–</span>
          <TextInput
            type="date"
            size="xs"
            aria-label={text.analyses.to}
            value={period.to}
            min={period.from}
            max={props.today}
            required
            onChange={({ currentTarget: { value } }) => {
              if (value !== '')
                setParams({ from: value < period.from ? value : period.from, to: value });
            }}
          />
        </div>
      )}
    </div>
  );
}
