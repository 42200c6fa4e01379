import type { LakeStatus } from '../../../src/local/api.ts';
import { useText } from '../i18n/language.tsx';
import { sayDay, sayTime } from '../shared/format.ts';
import styles from './Freshness.module.css';

/** How fresh the lake's data is, in one line. */
export function Freshness({ lake }: { readonly lake: LakeStatus }) {
  const text = useText();
  const message =
    lake.lastMessageAt === null
      ? text.freshness.empty
      : text.freshness.lastMessage(sayTime(lake.lastMessageAt, lake.today, lake.zone, text));
  const closed =
    lake.lastClosedDay === null
      ? text.freshness.neverClosed
      : text.freshness.lastClosed(sayDay(lake.lastClosedDay, lake.today, text));
  return (
    <p className={styles.freshness} title={text.analyses.zone(lake.zone)}>
      <span>{message}</span>
      <span>{closed}</span>
    </p>
  );
}
