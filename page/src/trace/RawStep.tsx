import { SegmentedControl, Skeleton } from '@mantine/core';
import { IconFileCode } from '@tabler/icons-react';
import { Suspense, lazy, useState } from 'react';
import type { RecordDetails } from '../../../src/local/api.ts';
import { useText } from '../i18n/language.tsx';
import { CopyIcon } from '../shared/CopyIcon.tsx';
import { formatBytes } from '../shared/format.ts';
import styles from './RawStep.module.css';
import { Step } from './Step.tsx';

const JsonView = lazy(() => import('../shared/JsonView.tsx'));

/** The file that holds the update verbatim, and its JSON. */
export function RawStep({ details }: { readonly details: RecordDetails }) {
  const text = useText();
  const words = text.trace.raw;
  const [verbatim, setVerbatim] = useState(false);
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
      <SegmentedControl
        size="xs"
        aria-label={words.view}
        value={verbatim ? 'verbatim' : 'formatted'}
        data={[
          { value: 'formatted', label: words.formatted },
          { value: 'verbatim', label: words.verbatim },
        ]}
        onChange={(value: string) => {
          setVerbatim(value === 'verbatim');
        }}
      />
      <div className={styles.json}>
        <Suspense fallback={<Skeleton height="100%" />}>
          <JsonView json={details.json} verbatim={verbatim} label={words.json} />
        </Suspense>
      </div>
    </Step>
  );
}
