import { type SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';

import { DAY_ATTRIBUTE } from '../../src/config/buffer.ts';
import { lineOf } from '../../src/lake/rawWrite.ts';
import type { ReceiveDeps } from './receive.ts';

/** Bytes of a message at most, its attributes among them. SQS takes more by now, but not everywhere. */
const LONGEST = 256 * 1024;

/** What a message's attribute takes: its name, its type `String`, and a day. */
const ATTRIBUTE = `${DAY_ATTRIBUTE}String2026-11-22`.length;

/** Characters that SQS does not keep: it puts others in their place, or refuses the message. */
const NOT_KEPT = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** Whether a queue takes a text, and gives it out as it is. */
function isKept(text: string): boolean {
  return Buffer.byteLength(text) + ATTRIBUTE <= LONGEST && !NOT_KEPT.test(text);
}

/**
 * Makes what puts updates on the writer's queue: the line of the raw layer, as it shall stand there,
 * with its day beside it. What a queue cannot hold is left to be written directly.
 */
export function createBuffer(
  client: Pick<SQSClient, 'send'>,
  queueUrl: string,
): NonNullable<ReceiveDeps['buffer']> {
  return async (record) => {
    const line = lineOf(record).trimEnd();
    if (!isKept(line)) return false;
    // The client holds the hash in SQS's answer against that of what it has sent.
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: line,
        MessageAttributes: {
          [DAY_ATTRIBUTE]: { DataType: 'String', StringValue: record.day },
        },
      }),
    );
    return true;
  };
}
