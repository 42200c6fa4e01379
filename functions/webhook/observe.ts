import type { Telemetry } from '../../src/aws/telemetry.ts';
import { METRICS } from '../../src/config/metrics.ts';
import type { WebhookEvent } from './handler.ts';
import type { Receipt } from './receive.ts';

/** What a log may say of an update: no text, no name. */
function aboutOf({ outcome, key, facts, answer }: Receipt): Record<string, unknown> {
  return {
    outcome,
    key,
    update_id: facts?.updateId ?? null,
    update_type: facts?.updateType ?? null,
    content_type: facts?.contentType ?? null,
    ...(answer && {
      answer: {
        outcome: answer.outcome,
        intent: answer.intent,
        score: answer.score,
        ms: answer.ms,
      },
    }),
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** Logs and counts what happens to the webhook's requests. */
export function createWebhookObserver({
  logger,
  count,
}: Telemetry<'webhook'>): (event: WebhookEvent) => void {
  const names = METRICS.webhook;
  return (event) => {
    switch (event.type) {
      case 'received': {
        const { receipt } = event;
        const { outcome } = receipt;
        // Stored and buffered ones are the API's requests less these.
        if (outcome !== 'stored' && outcome !== 'buffered') count(names[outcome]);
        const about = aboutOf(receipt);
        if (receipt.outcome === 'rejected') logger.warn('What came is no update', about);
        else if (receipt.outcome !== 'dropped') logger.info('Update', about);
        else if (receipt.isFirstOfChat) {
          // Later ones of the chat are only counted: one chat cannot fill the log.
          logger.info('Update dropped', { ...about, reason: receipt.reason });
        }
        if (receipt.botError !== undefined) {
          logger.error('The bot failed on an update', {
            error: asError(receipt.botError),
            update_id: receipt.facts?.updateId ?? null,
          });
        }
        break;
      }
      case 'unauthorized':
        count(names.unauthorized);
        logger.warn('Request without the secret, or with a wrong one');
        break;
      case 'failed':
        count(names.failed);
        logger.error('Update not stored; Telegram will send it again', asError(event.error));
        break;
      case 'tap-unanswered':
        count(names.tapsUnanswered);
        logger.warn('Tap not answered', asError(event.error));
        break;
      case 'buffer-failed':
        count(names.bufferFailed);
        logger.warn('The queue did not take an update', asError(event.error));
        break;
    }
  };
}
