import { list, object, string } from '../../telegram/fields.ts';

/** Methods that Telegram does not run from a webhook's response. */
const NOT_IN_RESPONSE = /^(get\w*|setWebhook|deleteWebhook|close|logOut)$/;

/** Longest text of a message, in UTF-16 units as the Bot API counts them. */
const MAX_TEXT = 4096;

/** Longest data of a button, in bytes. */
const MAX_DATA = 64;

/**
 * Why Telegram would refuse the call in a webhook's response, without anybody being told: the bot
 * would just be silent.
 *
 * @param body of the response; empty when nothing is to be done
 * @returns null when Telegram would do it
 */
export function refusal(body: string): string | null {
  if (body === '') return null;
  let call;
  try {
    call = object(JSON.parse(body));
  } catch {
    return 'the response is not JSON';
  }
  const method = string(call?.['method']);
  if (!call || method === null) return 'the response names no method';
  if (NOT_IN_RESPONSE.test(method)) return `${method} cannot be called in a response`;
  if (method !== 'sendMessage') return null;
  if (call['chat_id'] === undefined) return 'chat_id is missing';
  const text = string(call['text'])?.trim() ?? '';
  if (text === '') return 'the text is empty';
  if (text.length > MAX_TEXT)
    return `the text has ${text.length} characters, more than ${MAX_TEXT}`;
  const buttons = list(object(call['reply_markup'])?.['inline_keyboard']).flatMap(list);
  const long = buttons
    .map((button) => string(object(button)?.['callback_data']) ?? '')
    .find((data) => Buffer.byteLength(data) > MAX_DATA);
  return long === undefined
    ? null
    : `the data of a button is longer than ${MAX_DATA} bytes: ${long}`;
}
