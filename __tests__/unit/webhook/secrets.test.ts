import { beforeEach, describe, expect, test } from '@jest/globals';

import { createSecretSource } from '../../../functions/webhook/secrets.ts';
import { type Secrets, hasSecret } from '../../../functions/webhook/verify.ts';
import { SecretNotSetError } from '../../../src/aws/webhookSecret.ts';

let stored: string | null;
let readings: number;
let now: number;

function makeSource() {
  const read = () => {
    readings++;
    return Promise.resolve(stored);
  };
  return createSecretSource('/chatbot/dev/webhook-secret', read, {
    ttl: 300_000,
    shortest: 10_000,
    clock: () => now,
  });
}

/** Whether a request with a secret is let in, as the handler asks. */
async function letsIn(source: ReturnType<typeof makeSource>, secret: string): Promise<boolean> {
  const isKnown = (secrets: Secrets) =>
    hasSecret({ 'X-Telegram-Bot-Api-Secret-Token': secret }, secrets);
  return isKnown(await source.forRequest(isKnown));
}

beforeEach(() => {
  [stored, readings, now] = [JSON.stringify({ current: 'one' }), 0, 0];
});

describe("the webhook's secret", () => {
  test('is read once, for known secrets', async () => {
    const source = makeSource();
    for (let count = 0; count < 5; count++) expect(await letsIn(source, 'one')).toBe(true);
    expect(readings).toBe(1);
  });

  test('that was rotated is found at the first request with it', async () => {
    const source = makeSource();
    expect(await letsIn(source, 'one')).toBe(true);
    stored = JSON.stringify({ current: 'two', previous: 'one' });
    expect(await letsIn(source, 'two')).toBe(true);
    expect(await letsIn(source, 'one')).toBe(true);
    expect(readings).toBe(2);
  });

  test('that was dropped lets in no longer than it is kept', async () => {
    const source = makeSource();
    expect(await letsIn(source, 'one')).toBe(true);
    stored = JSON.stringify({ current: 'two' });
    now = 300_000;
    expect(await letsIn(source, 'one')).toBe(false);
  });

  test('is not read at every request with a wrong one', async () => {
    const source = makeSource();
    for (let count = 0; count < 200; count++) {
      now += 100;
      expect(await letsIn(source, 'forged')).toBe(false);
    }
    expect(readings).toBe(3);
  });

  test.each([null, '', 'unset!', '{}', '{"current":""}', '{"current":"a b"}', '[]'])(
    'that is %j lets nobody in, and the error says what to do but not what it is',
    async (value) => {
      stored = value;
      const failure = letsIn(makeSource(), '');
      await expect(failure).rejects.toThrow(SecretNotSetError);
      await expect(failure).rejects.toThrow(/\/chatbot\/dev\/webhook-secret.*chatbot webhook set/);
      await expect(failure).rejects.not.toThrow(/unset!|a b/);
    },
  );
});
