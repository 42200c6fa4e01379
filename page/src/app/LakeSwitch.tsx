import { SegmentedControl } from '@mantine/core';
import { useLocation } from 'wouter';
import type { LakeId } from '../../../src/local/api.ts';
import { useText } from '../i18n/language.tsx';
import { hrefOf } from './place.ts';
import type { Place } from './place.ts';

/** What of an analysis holds in the other lake, too: its days. Chats and rows are this lake's. */
function kept({ screen, params }: Place): { readonly params?: URLSearchParams } {
  if (screen !== 'analyses') return {};
  const days = [...params].filter(([name]) => ['period', 'from', 'to', 'compare'].includes(name));
  return { params: new URLSearchParams(days) };
}

/** Changes between the sample lake and one's own; the analyses keep their period. */
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
        navigate(hrefOf({ lake: lake as LakeId, screen: place.screen, ...kept(place) }));
      }}
    />
  );
}
