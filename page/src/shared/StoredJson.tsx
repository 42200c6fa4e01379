import { SegmentedControl, Skeleton } from '@mantine/core';
import { Suspense, lazy, useState } from 'react';
import { useText } from '../i18n/language.tsx';
import styles from './StoredJson.module.css';

const JsonView = lazy(() => import('./JsonView.tsx'));

/** The JSON of a raw object, laid out or just as it was stored; fills its container. */
export function StoredJson(props: { readonly json: string; readonly label: string }) {
  const words = useText().trace.raw;
  const [verbatim, setVerbatim] = useState(false);
  return (
    <div className={styles.whole}>
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
      <div className={styles.code}>
        <Suspense fallback={<Skeleton height="100%" />}>
          <JsonView json={props.json} verbatim={verbatim} label={props.label} />
        </Suspense>
      </div>
    </div>
  );
}
