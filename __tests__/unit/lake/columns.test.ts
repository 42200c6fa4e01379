import { describe, expect, test } from '@jest/globals';

import { RUNS_COLUMNS, TELEGRAM_COLUMNS } from '../../../src/lake/columns.ts';

/** The columns of release 0.1.0: lakes out there have them. Never edit; append a new release. */
const RELEASE_0_1_0 = {
  telegram: [
    ['message_id', 'int64'],
    ['user_id', 'int64'],
    ['user_is_bot', 'boolean'],
    ['user_first_name', 'string'],
    ['chat_id', 'int64'],
    ['chat_type', 'string'],
    ['text', 'string'],
    ['date', 'int64'],
    ['update_id', 'int64'],
    ['update_type', 'string'],
    ['received_at', 'timestamp'],
    ['local_time', 'timestamp'],
    ['edit_date', 'int64'],
    ['content_type', 'string'],
    ['is_service', 'boolean'],
    ['text_length', 'int64'],
    ['caption', 'string'],
    ['source', 'string'],
    ['user_username', 'string'],
    ['user_language_code', 'string'],
    ['sender_chat_id', 'int64'],
    ['chat_title', 'string'],
    ['message_thread_id', 'int64'],
    ['reply_to_message_id', 'int64'],
    ['media_group_id', 'string'],
    ['is_forward', 'boolean'],
    ['via_bot_id', 'int64'],
    ['command', 'string'],
    ['start_payload', 'string'],
    ['callback_data', 'string'],
    ['reaction', 'string'],
    ['member_user_id', 'int64'],
    ['member_status_old', 'string'],
    ['member_status_new', 'string'],
    ['migrate_to_chat_id', 'int64'],
    ['migrate_from_chat_id', 'int64'],
    ['question_key', 'string'],
    ['answer_intent', 'string'],
    ['answer_score', 'double'],
    ['answer_outcome', 'string'],
    ['answer_text', 'string'],
    ['answer_ms', 'double'],
  ],
  runs: [
    ['day', 'date'],
    ['stored', 'int64'],
    ['rows', 'int64'],
    ['duplicates', 'int64'],
    ['rejected', 'int64'],
    ['late', 'int64'],
    ['finished_at', 'timestamp'],
  ],
};

describe('column lists', () => {
  test.each([
    ['telegram', TELEGRAM_COLUMNS, RELEASE_0_1_0.telegram],
    ['runs', RUNS_COLUMNS, RELEASE_0_1_0.runs],
  ])('%s: columns are only ever appended', (_table, columns, released) => {
    const names = columns.map(({ name, type }) => [name, type]);
    expect(names.slice(0, released.length)).toEqual(released);
    expect(new Set(columns.map(({ name }) => name)).size).toBe(columns.length);
  });

  test.each([...TELEGRAM_COLUMNS, ...RUNS_COLUMNS].map(({ name, meaning }) => [name, meaning]))(
    '%s has a meaning that is a sentence',
    (_name, meaning) => {
      expect(meaning).toMatch(/^\S.*[.…]$/s);
    },
  );
});
