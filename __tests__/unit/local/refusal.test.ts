import { expect, test } from '@jest/globals';

import { refusal } from '../../../src/local/simulator/refusal.ts';

const call = (changes: object) =>
  JSON.stringify({ method: 'sendMessage', chat_id: 7, text: 'Olá', ...changes });
const button = (data: string) => ({
  reply_markup: { inline_keyboard: [[{ text: 'a', callback_data: data }]] },
});

test.each([
  ['nothing', ''],
  ['a message', call({})],
  ['the longest message', call({ text: 'a'.repeat(4096) })],
  ['the longest button', call(button('a'.repeat(64)))],
  ['another method', '{"method":"sendPhoto"}'],
])('Telegram does %s', (_, body) => {
  expect(refusal(body)).toBeNull();
});

test.each([
  ['what is no JSON', '{', /not JSON/],
  ['what names no method', '{}', /no method/],
  ['asking', '{"method":"getMe"}', /cannot be called/],
  ['changing the webhook', '{"method":"setWebhook"}', /cannot be called/],
  ['a message to nobody', call({ chat_id: undefined }), /chat_id/],
  ['an empty message', call({ text: ' \n' }), /empty/],
  ['a message that is too long', call({ text: 'a'.repeat(4097) }), /4097 characters/],
  ['a button with too much data', call(button('é'.repeat(33))), /longer than 64 bytes/],
])('Telegram refuses %s', (_, body, reason) => {
  expect(refusal(body)).toMatch(reason);
});
