import { describe, expect, test } from '@jest/globals';

import { readFunctionEnvironment } from '../../../src/aws/functionEnvironment.ts';

const SETTINGS = {
  stage: 'dev',
  zone: 'America/Sao_Paulo',
  language: 'pt',
  chats: [-1001234567890],
  staffChats: [],
  floodPerMinute: 20,
  rawRetentionDays: 365,
  updatesPerShard: 200_000,
  bot: { id: 42, username: 'folha_bot' },
};
const ENV = {
  CHATBOT_CONFIG: JSON.stringify({ ...SETTINGS, project: 'left out' }),
  CHATBOT_RAW_BUCKET: 'raw',
  CHATBOT_ENRICHED_BUCKET: 'enriched',
};

describe("a function's environment", () => {
  test('gives buckets and settings', () => {
    expect(readFunctionEnvironment(ENV)).toEqual({
      config: SETTINGS,
      rawBucket: 'raw',
      enrichedBucket: 'enriched',
    });
  });

  test('of a stage that is being upgraded from an earlier one may lack what is new', () => {
    const { updatesPerShard, ...earlier } = SETTINGS;
    const env = { ...ENV, CHATBOT_CONFIG: JSON.stringify(earlier) };
    expect(readFunctionEnvironment(env).config.updatesPerShard).toBeGreaterThan(updatesPerShard);
  });

  test.each(Object.keys(ENV))('without %s says so', (name) => {
    const message = `The variable ${name} is not set. The stack sets it: deploy it again.`;
    expect(() => readFunctionEnvironment({ ...ENV, [name]: '' })).toThrow(message);
    expect(() => readFunctionEnvironment({ ...ENV, [name]: undefined })).toThrow(message);
  });

  test.each(['{', '{}', JSON.stringify({ ...SETTINGS, zone: 'Nowhere' })])(
    'with settings %s says so',
    (text) => {
      expect(() => readFunctionEnvironment({ ...ENV, CHATBOT_CONFIG: text })).toThrow(
        /The variable CHATBOT_CONFIG is wrong/,
      );
    },
  );
});
