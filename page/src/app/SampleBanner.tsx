import { IconArrowRight, IconFlask2 } from '@tabler/icons-react';
import { Link } from 'wouter';
import { useText } from '../i18n/language.tsx';
import styles from './SampleBanner.module.css';
import { hrefOf } from './place.ts';
import type { Place } from './place.ts';

/** Marks the sample lake as invented, with the way to one's own. */
export function SampleBanner({ screen }: { readonly screen: Place['screen'] }) {
  const text = useText();
  return (
    <aside className={styles.banner} aria-label={text.lake.sample}>
      <IconFlask2 size={16} stroke={1.6} aria-hidden className={styles.icon} />
      <span>{text.lake.sampleNotice}</span>
      <Link href={hrefOf({ lake: 'own', screen })} className={styles.link}>
        {text.lake.toOwn}
        <IconArrowRight size={14} aria-hidden />
      </Link>
    </aside>
  );
}
