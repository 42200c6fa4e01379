import { SegmentedControl } from '@mantine/core';
import { useLocation } from 'wouter';
import type { LakeId } from '../../../src/local/api.ts';
import { useText } from '../i18n/language.tsx';
import { hrefOf } from './place.ts';
import type { Place } from './place.ts';

/** Changes between the sample lake and one's own; an analysis keeps its period. */
export function LakeSwitch({ place }: { readonly place: Place }) {
  const text = useText();
  const [, navigate] = useLocation();
  return (
    <SegmentedControl
      size="xs"
      aria-label={text.lake.label}
      value={place.lake}
      data={[
        { value: 'sample', label: text.lake.sample },
        { value: 'own', label: text.lake.own },
      ]}
      onChange={(lake: string) => {
        const { screen, params } = place;
        navigate(
          hrefOf({ lake: lake as LakeId, screen, ...(screen === 'analyses' ? { params } : {}) }),
        );
      }}
    />
  );
}
