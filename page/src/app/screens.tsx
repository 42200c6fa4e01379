import { IconChartBar, IconDatabase, IconMessageCircle, IconTerminal2 } from '@tabler/icons-react';
import { lazy } from 'react';
import type { ComponentType } from 'react';
import type { Status } from '../../../src/local/api.ts';
import { ChatScreen } from '../chat/ChatScreen.tsx';
import type { Place, Screen } from './place.ts';

/** What every screen is given. */
export interface ScreenProps {
  readonly place: Place;
  readonly status: Status;
}

/** A screen: its sign in the rail, and what it shows. */
interface ScreenEntry {
  readonly Icon: typeof IconChartBar;
  readonly Content: ComponentType<ScreenProps>;
}

/** All screens but the first, which one sees at once, are loaded when they are opened. */
export const CONTENTS: Readonly<Partial<Record<Screen, ScreenEntry>>> = {
  chat: { Icon: IconMessageCircle, Content: ChatScreen },
  lake: { Icon: IconDatabase, Content: lazy(() => import('../lake/LakeScreen.tsx')) },
  analyses: {
    Icon: IconChartBar,
    Content: lazy(() => import('../analyses/AnalysesScreen.tsx')),
  },
  sql: { Icon: IconTerminal2, Content: lazy(() => import('../console/ConsoleScreen.tsx')) },
};
