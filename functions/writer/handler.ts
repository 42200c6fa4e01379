import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

import { DAY_ATTRIBUTE } from '../../src/config/buffer.ts';
import type { Day } from '../../src/lake/days.ts';
import { type ObjectStore, PreconditionFailedError } from '../../src/lake/objectStore.ts';
import { UnreadableError } from '../../src/lake/rawRecords.ts';
import { type Batch, type Line, byDay, makeBatch, readMessage } from './batch.ts';

/** What happened to messages, for the log and the metrics. No message's text is in it. */
export type WriterEvent =
  | {
      readonly type: 'written';
      readonly day: Day;
      readonly batch: Batch;
      /** It lay there already: the queue gave the same messages out twice. */
      readonly isRepeated: boolean;
    }
  /** Stays in the queue, and ends among its dead letters. */
  | { readonly type: 'unreadable'; readonly messageId: string; readonly reason: string }
  /** They stay in the queue, and are tried again. */
  | {
      readonly type: 'failed';
      readonly day: Day;
      readonly messages: number;
      readonly error: unknown;
    };

/** What the writer is made of. */
export interface WriterDeps {
  /** The raw store; only written to. */
  readonly raw: Pick<ObjectStore, 'put'>;
  readonly observe?: (event: WriterEvent) => void;
}

/** Writes an object once. @returns whether it lay there already */
async function write(raw: WriterDeps['raw'], { key, bytes }: Batch): Promise<boolean> {
  try {
    await raw.put(key, bytes, { ifNoneMatch: '*' });
    return false;
  } catch (error) {
    if (error instanceof PreconditionFailedError) return true;
    throw error;
  }
}

/**
 * Makes the Lambda that empties the queue of buffered updates: takes SQS's event, writes one
 * `.ndjson.gz` object for each day in it, and gives back the messages that could not be written. The
 * others leave the queue only then, so nothing is lost, and what is written twice is one object or
 * dropped by the ETL.
 */
export function createWriterHandler({
  raw,
  observe = () => undefined,
}: WriterDeps): (event: SQSEvent) => Promise<SQSBatchResponse> {
  return async ({ Records }) => {
    const failed: string[] = [];
    const lines: Line[] = [];
    for (const { messageId, body, messageAttributes } of Records) {
      try {
        const day = messageAttributes[DAY_ATTRIBUTE]?.stringValue;
        lines.push(readMessage({ id: messageId, body, day }));
      } catch (error) {
        if (!(error instanceof UnreadableError)) throw error;
        failed.push(messageId);
        observe({ type: 'unreadable', messageId, reason: error.reason });
      }
    }
    await Promise.all(
      Array.from(byDay(lines), async ([day, ofDay]) => {
        try {
          const batch = await makeBatch(day, ofDay);
          observe({ type: 'written', day, batch, isRepeated: await write(raw, batch) });
        } catch (error) {
          failed.push(...ofDay.map(({ messageId }) => messageId));
          observe({ type: 'failed', day, messages: ofDay.length, error });
        }
      }),
    );
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}
