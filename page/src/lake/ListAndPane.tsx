import { CloseButton, Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';
import styles from './ListAndPane.module.css';

/** Whether there is room for what is chosen beside the list. */
export function useIsBeside(): boolean {
  return useMediaQuery('(min-width: 1160px)', true, { getInitialValueInEffect: false });
}

/** A list, and what is chosen of it: beside it, or over it where there is no room. */
export function ListAndPane(props: {
  readonly list: ReactNode;
  /** What stands under the list, in one line. */
  readonly foot: ReactNode;
  readonly label: string;
  readonly pane: ReactNode;
  /** Whether something was chosen, and not only shown because there is room. */
  readonly isChosen: boolean;
  readonly closeLabel: string;
  readonly onClose: () => void;
}) {
  const beside = useIsBeside();
  return (
    <div className={styles.whole}>
      <div className={styles.list}>
        <div className={styles.items}>{props.list}</div>
        <div className={styles.foot}>{props.foot}</div>
      </div>
      {beside ? (
        <aside className={styles.pane} aria-label={props.label}>
          {props.pane}
        </aside>
      ) : (
        <Drawer.Root
          opened={props.isChosen}
          onClose={props.onClose}
          position="right"
          size="min(520px, 100vw)"
        >
          <Drawer.Overlay />
          <Drawer.Content aria-label={props.label}>
            <div className={styles.drawer}>
              <CloseButton
                className={styles.close}
                data-autofocus
                aria-label={props.closeLabel}
                onClick={props.onClose}
              />
              {props.pane}
            </div>
          </Drawer.Content>
        </Drawer.Root>
      )}
    </div>
  );
}
