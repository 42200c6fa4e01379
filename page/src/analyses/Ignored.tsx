import { IconFilterOff } from '@tabler/icons-react';
import { useText } from '../i18n/language.tsx';
import styles from './Ignored.module.css';
import type { Analysis } from './analysis.ts';
import { ignoredFilters } from './scope.ts';
import type { Scope } from './scope.ts';

/** Says which of the filters that are set an analysis cannot follow. */
export function Ignored(props: { readonly analysis: Analysis; readonly scope: Scope }) {
  const text = useText();
  const ignored = ignoredFilters(props.analysis, props.scope);
  if (ignored.length === 0) return null;
  return (
    <span className={styles.ignored}>
      <IconFilterOff size={14} stroke={1.6} aria-hidden />
      {text.analyses.ignored[ignored.length === 2 ? 'both' : (ignored[0] ?? 'both')]}
    </span>
  );
}
