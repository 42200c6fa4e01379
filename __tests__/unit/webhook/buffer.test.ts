import { beforeEach, describe, expect, test } from '@jest/globals';
import type { SendMessageCommandInput } from '@aws-sdk/client-sqs';

import { createBuffer } from '../../../functions/webhook/buffer.ts';
import { type NewRecord, lineOf } from '../../../src/lake/rawWrite.ts';
import { parseUpdate } from '../../../src/telegram/parseUpdate.ts';
import { DAY } from '../../support/lakes.ts';
import { UPDATES } from '../../support/updates/fixtures.ts';

const QUEUE = 'https://sqs.us-east-1.amazonaws.com/123456789012/shop-test-updates';

let sent: SendMessageCommandInput[];
let buffer: ReturnType<typeof createBuffer>;

beforeEach(() => {
  sent = [];
  const send = ({ input }: { input: SendMessageCommandInput }) => {
    sent.push(input);
    return Promise.resolve({});
  };
  buffer = createBuffer({ send }, QUEUE);
});

function record(json: string): NewRecord {
  return {
    ...{ json, ...parseUpdate(json) },
    ...{ day: DAY, source: 'telegram', receivedAt: Date.UTC(2026, 0, 15, 15), answer: null },
  };
}

/** A message of a text. */
function saying(text: string): string {
  const { message } = UPDATES.message;
  return JSON.stringify({ ...UPDATES.message, message: { ...message, text } });
}

/** Bytes of a message on the queue: its body, and name, type and value of its attributes. */
function sizeOf({ MessageBody = '', MessageAttributes = {} }: SendMessageCommandInput): number {
  const attributes = Object.entries(MessageAttributes).map(
    ([name, { DataType = '', StringValue = '' }]) => name + DataType + StringValue,
  );
  return Buffer.byteLength([MessageBody, ...attributes].join(''));
}

describe('the buffer', () => {
  test('sends the line of the raw layer as it shall stand there, and its day', async () => {
    // Numbers that JavaScript would round, and a line break between tokens.
    const json = `{"update_id":7,\n"message":{"message_id":1,"date":1768489200,"chat":{"id":1,"type":"private"},"x":12345678901234567890}}`;
    expect(await buffer(record(json))).toBe(true);
    expect(sent).toEqual([
      {
        QueueUrl: QUEUE,
        MessageBody:
          '{"v":1,"source":"telegram","received_at":"2026-01-15T15:00:00.000Z","update":' +
          `${json.replace('\n', ' ')},"answer":null}`,
        MessageAttributes: { day: { DataType: 'String', StringValue: DAY } },
      },
    ]);
    expect(`${sent[0]?.MessageBody ?? ''}\n`).toBe(lineOf(record(json)));
  });

  test('takes messages of 256 KB with all that belongs to them, and no larger ones', async () => {
    await buffer(record(saying('')));
    const room = 256 * 1024 - sizeOf(sent[0] ?? ({} as SendMessageCommandInput));
    // Two bytes each, so that characters are not mistaken for them.
    const longest = 'é'.repeat(Math.floor(room / 2)) + 'e'.repeat(room % 2);
    expect(await buffer(record(saying(longest)))).toBe(true);
    expect(sizeOf(sent[1] ?? ({} as SendMessageCommandInput))).toBe(256 * 1024);
    expect(await buffer(record(saying(`${longest}e`)))).toBe(false);
    expect(sent).toHaveLength(2);
  });

  test.each(['\ufffe', '\uffff', '\u{1fffe}a\uffff'])(
    'leaves what SQS would not give back as it was: %j',
    async (text) => {
      // JSON.stringify leaves them as they are, and escapes what is below a space.
      expect(saying(text)).toContain(text);
      expect(await buffer(record(saying(text)))).toBe(false);
      expect(sent).toEqual([]);
    },
  );

  test.each(['\u0000\u001f', '\u007f\u0085', '\ufffd', '😀\u{10ffff}', '\ud800'])(
    'takes all other texts: %j',
    async (text) => {
      expect(await buffer(record(saying(text)))).toBe(true);
    },
  );
});
