import {
  IconCircleCheck,
  IconCircleDashed,
  IconCircleOff,
  IconHourglassHigh,
  IconRefreshAlert,
} from '@tabler/icons-react';
import type { DayState } from '../../../src/local/api.ts';
import { useText } from '../i18n/language.tsx';
import styles from './StateBadge.module.css';

const ICONS: Readonly<Record<DayState, typeof IconCircleCheck>> = {
  closed: IconCircleCheck,
  provisional: IconHourglassHigh,
  open: IconCircleDashed,
  behind: IconRefreshAlert,
  empty: IconCircleOff,
};

/** How far a day is, by a sign and a word. */
export function StateBadge({ state }: { readonly state: DayState }) {
  const text = useText();
  const Icon = ICONS[state];
  return (
    <span className={styles.badge} data-state={state}>
      <Icon size={14} stroke={1.8} aria-hidden />
      {text.days.states[state]}
    </span>
  );
}
