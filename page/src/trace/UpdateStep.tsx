import { IconBrandTelegram } from '@tabler/icons-react';
import type { Entry, RecordDetails } from '../../../src/local/api.ts';
import { useText } from '../i18n/language.tsx';
import { formatInstant } from '../shared/format.ts';
import { Facts, Step } from './Step.tsx';

/** What Telegram sent. */
export function UpdateStep(props: {
  readonly details: RecordDetails;
  readonly entry: Entry | undefined;
  readonly zone: string;
}) {
  const { details, entry } = props;
  const text = useText();
  const words = text.trace.update;
  return (
    <Step
      reached
      icon={<IconBrandTelegram size={16} stroke={1.6} />}
      title={words.title}
      hint={words.hint}
    >
      <Facts
        facts={[
          { name: words.kind, value: details.updateType },
          ...(details.contentType === null
            ? []
            : [{ name: words.content, value: details.contentType }]),
          { name: words.number, value: details.updateId },
          ...(entry
            ? [{ name: words.time, value: formatInstant(entry.at, text.locale, props.zone) }]
            : []),
        ]}
      />
    </Step>
  );
}
