import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { createTapAnswer } from '../../../functions/webhook/tap.ts';
import { type BotApiServer, startBotApi } from '../../support/scriptedBotApi.ts';

let botApi: BotApiServer;
let stored: string | null;
let readings: number;
let valid: string;
let now: number;

beforeEach(async () => {
  [stored, readings, valid, now] = ['1:old', 0, '1:old', 0];
  botApi = await startBotApi(({ token }) =>
    token === valid ? { result: true } : { code: 401, description: 'Unauthorized' },
  );
});

afterEach(() => botApi.stop());

function makeAnswer() {
  const read = () => {
    readings++;
    return Promise.resolve(stored);
  };
  return createTapAnswer({
    tokenName: '/chatbot/dev/bot-token',
    read,
    baseUrl: botApi.url,
    times: { ttl: 300_000, shortest: 10_000, clock: () => now },
  });
}

const signal = AbortSignal.timeout(60_000);

describe('answering a tap', () => {
  test('reads the token at the first, and keeps it', async () => {
    const answer = makeAnswer();
    expect(readings).toBe(0);
    await answer('a', signal);
    await answer('b', signal);
    expect(readings).toBe(1);
    expect(botApi.requests.map(({ params }) => params['callback_query_id'])).toEqual(['a', 'b']);
  });

  test('reads it again when Telegram refuses it', async () => {
    const answer = makeAnswer();
    await answer('a', signal);
    [stored, valid] = ['1:new', '1:new'];
    await answer('b', signal);
    expect(botApi.requests.map(({ token }) => token)).toEqual(['1:old', '1:old', '1:new']);
  });

  test('gives up when the token stays refused', async () => {
    valid = '1:another';
    const answer = makeAnswer();
    await expect(answer('a', signal)).rejects.toThrow(/401 Unauthorized/);
    now = 9_999;
    await expect(answer('b', signal)).rejects.toThrow(/401 Unauthorized/);
    expect(botApi.requests).toHaveLength(2);
    expect(readings).toBe(2);
  });

  test('without a token says what to do', async () => {
    stored = null;
    await expect(makeAnswer()('a', signal)).rejects.toThrow(
      'No bot token is set in /chatbot/dev/bot-token. Run: chatbot webhook set',
    );
  });
});
