import { Button, Skeleton } from '@mantine/core';
import { IconAlertTriangle, IconMessageCircle } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { LakeStatus, LineContent, RecordRef } from '../../../src/local/api.ts';
import { aroundParams, hrefOf } from '../app/place.ts';
import { useText } from '../i18n/language.tsx';
import { CopyIcon } from '../shared/CopyIcon.tsx';
import { EmptyState } from '../shared/EmptyState.tsx';
import { Notice } from '../shared/Notice.tsx';
import { StoredJson } from '../shared/StoredJson.tsx';
import { RequestError } from '../shared/api.ts';
import { formatBytes, formatInstant, formatNumber } from '../shared/format.ts';
import { Facts } from '../trace/Step.tsx';
import styles from './RecordPane.module.css';
import { isPacked, lakeParams } from './lakePlace.ts';
import { useLineContent } from './queries.ts';

/** One record of the raw layer: what it is, where it lies, its JSON, the way to its conversation. */
export function RecordPane(props: {
  readonly lake: LakeStatus;
  readonly day: string;
  readonly record: RecordRef;
}) {
  const { lake, day, record } = props;
  const text = useText();
  const content = useLineContent(lake.id, record);
  if (content.isLoadingError) {
    return content.error instanceof RequestError && content.error.status === 404 ? (
      <EmptyState title={text.days.record.gone} hint={record.key} />
    ) : (
      <div className={styles.failure}>
        <Notice
          error={content.error}
          onRetry={() => {
            void content.refetch();
          }}
        />
      </div>
    );
  }
  return content.data ? (
    <Content lake={lake} day={day} record={record} content={content.data} />
  ) : (
    <div className={styles.pane}>
      <Skeleton height={32} width="60%" />
      <Skeleton height={72} />
      <Skeleton style={{ flex: 1 }} />
    </div>
  );
}

function Content(props: {
  readonly lake: LakeStatus;
  readonly day: string;
  readonly record: RecordRef;
  readonly content: LineContent;
}) {
  const { lake, day, record, content } = props;
  const { line, text: json, isCut } = content;
  const text = useText();
  const words = text.days.record;
  const { update } = line;
  const outcome = update?.outcome ?? null;
  return (
    <div className={styles.pane}>
      <h3 className={styles.title}>{update?.updateType ?? words.unreadable}</h3>
      {update ? (
        <>
          <Facts
            facts={[
              {
                name: words.time.toLowerCase(),
                value: formatInstant(update.at, text.locale, lake.zone),
              },
              ...(update.author === null
                ? []
                : [{ name: words.author.toLowerCase(), value: update.author }]),
              ...(update.contentType === null
                ? []
                : [{ name: words.content, value: update.contentType }]),
              { name: words.number, value: update.updateId },
              { name: words.source, value: words.sources[update.source] },
              ...(outcome === null
                ? []
                : [
                    {
                      name: words.answer.toLowerCase(),
                      value: text.trace.answer.outcome[outcome] ?? outcome,
                    },
                  ]),
            ]}
          />
          {update.chatId !== null && (
            <Button
              component={Link}
              href={hrefOf({
                lake: lake.id,
                screen: 'chat',
                chat: update.chatId,
                params: aroundParams(record),
              })}
              className={styles.way}
              size="xs"
              variant="light"
              leftSection={<IconMessageCircle size={16} stroke={1.6} aria-hidden />}
            >
              {words.conversation}
            </Button>
          )}
        </>
      ) : (
        <div className={styles.problem}>
          <IconAlertTriangle size={18} aria-hidden className={styles.sign} />
          <div>
            <p lang="en">{line.problem}</p>
            <p className={styles.hint}>{words.unreadableHint}</p>
            <Link
              href={hrefOf({
                lake: lake.id,
                screen: 'lake',
                params: lakeParams({ day, tab: 'rejected' }),
              })}
            >
              {words.toRejected}
            </Link>
          </div>
        </div>
      )}
      <p className={styles.key}>
        <code>{record.key}</code>
        <CopyIcon value={record.key} label={text.trace.copyKey} />
      </p>
      <Facts
        facts={[
          ...(isPacked(record.key)
            ? [{ name: words.line, value: formatNumber(record.line + 1, text.locale) }]
            : []),
          { name: words.bytes, value: formatBytes(line.bytes, text.locale) },
        ]}
      />
      {isCut && <p className={styles.hint}>{words.cut}</p>}
      <div className={styles.json}>
        {update ? (
          <StoredJson json={json} label={text.trace.raw.json} />
        ) : (
          <pre className={styles.text} tabIndex={0} aria-label={text.days.rejected.body}>
            {json}
          </pre>
        )}
      </div>
    </div>
  );
}
