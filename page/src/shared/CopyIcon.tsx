import { ActionIcon, Tooltip } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useText } from '../i18n/language.tsx';

/** A small button that copies a text. */
export function CopyIcon(props: { readonly value: string; readonly label: string }) {
  const text = useText();
  const clipboard = useClipboard({ timeout: 1500 });
  const label = clipboard.copied ? text.trace.copied : props.label;
  return (
    <Tooltip label={label}>
      <ActionIcon
        size={24}
        variant="subtle"
        color="gray"
        aria-label={label}
        onClick={() => {
          clipboard.copy(props.value);
        }}
      >
        {clipboard.copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
      </ActionIcon>
    </Tooltip>
  );
}
