import { IconFileCode } from '@tabler/icons-react';
import type { RecordDetails } from '../../../src/local/api.ts';
import { useText } from '../i18n/language.tsx';
import { CopyIcon } from '../shared/CopyIcon.tsx';
import { StoredJson } from '../shared/StoredJson.tsx';
import { formatBytes } from '../shared/format.ts';
import styles from './RawStep.module.css';
import { Step } from './Step.tsx';

/** The file that holds the update verbatim, and its JSON. */
export function RawStep({ details }: { readonly details: RecordDetails }) {
  const text = useText();
  const words = text.trace.raw;
  return (
    <Step
      reached
      icon={<IconFileCode size={16} stroke={1.6} />}
      title={words.title}
      hint={words.hint}
      aside={<span className={styles.size}>{formatBytes(details.size, text.locale)}</span>}
    >
      <p className={styles.key}>
        <code>{details.ref.key}</code>
        {details.ref.line > 0 && <span>{words.line(details.ref.line)}</span>}
        <CopyIcon value={details.ref.key} label={text.trace.copyKey} />
      </p>
      <div className={styles.json}>
        <StoredJson json={details.json} label={words.json} />
      </div>
    </Step>
  );
}
