import type { Telemetry } from '../../src/aws/telemetry.ts';
import { METRICS } from '../../src/config/metrics.ts';
import type { WriterEvent } from './handler.ts';

/** Logs and counts what becomes of the queue's messages. */
export function createWriterObserver({
  logger,
  count,
}: Telemetry<'writer'>): (event: WriterEvent) => void {
  const names = METRICS.writer;
  return (event) => {
    switch (event.type) {
      case 'written': {
        const { day, isRepeated, batch } = event;
        const { key, records, bytes } = batch;
        // Not counted: the queue's own metrics tell how many messages came and went.
        logger.info('Batch', { day, key, records, bytes: bytes.length, repeated: isRepeated });
        break;
      }
      case 'unreadable':
        count(names.failed);
        logger.error('Message is no update', {
          message_id: event.messageId,
          // What stands in brackets may quote the message.
          reason: event.reason.replace(/ \([^]*$/, ''),
        });
        break;
      case 'failed': {
        const { day, messages, error } = event;
        count(names.failed, messages);
        logger.error('Batch not written; it is tried again', {
          ...{ day, messages },
          error: error instanceof Error ? error : new Error(String(error)),
        });
        break;
      }
    }
  };
}
