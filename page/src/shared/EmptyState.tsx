import type { ReactNode } from 'react';
import styles from './EmptyState.module.css';

/** What stands where there is nothing to show: what is missing, how it comes, and perhaps a way there. */
export function EmptyState(props: {
  readonly title: string;
  readonly hint: string;
  readonly children?: ReactNode;
}) {
  return (
    <div className={styles.empty}>
      <p className={styles.title}>{props.title}</p>
      <p className={styles.hint}>{props.hint}</p>
      {props.children}
    </div>
  );
}
