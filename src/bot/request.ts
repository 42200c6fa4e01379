import type { UpdateFacts } from '../telegram/facts.ts';
import { type Fields, list, object } from '../telegram/fields.ts';
import type { BotIdentity } from './identity.ts';

/** What somebody wants of the bot. */
export type Request =
  /** A command, without its slash. */
  | { readonly kind: 'command'; readonly command: string }
  /** Text without the bot's name; empty when somebody only called it. */
  | { readonly kind: 'question'; readonly text: string }
  /** A photo, a voice message, … without a caption. */
  | { readonly kind: 'media' }
  /** A tap on a button. */
  | { readonly kind: 'tap'; readonly data: string };

/** What the bot's commands are, without slash. */
export const COMMANDS = ['start', 'help', 'privacy'] as const;

/** What asks for the report, in either language; only the owner's chat is given it. */
const REPORT_COMMANDS: readonly string[] = ['report', 'relatorio'];

/** The intent of answers to it, whichever word was used. */
export const REPORT_INTENT = '/report';

/** Whether a command, without its slash, asks for the report. */
export function isReportCommand(command: string): boolean {
  return REPORT_COMMANDS.includes(command);
}

/** The message of an update: what was written, or what the tapped button stands under. */
export function messageOf(update: Fields): Fields {
  const query = object(update['callback_query']);
  return object(update['message']) ?? object(query?.['message']) ?? {};
}

/** A text without `@username` where that stands alone, not in an e-mail address or a longer name. */
function withoutMention(text: string, username: string): string {
  const literal = username.replaceAll(/\W/g, '\\$&');
  return text.replaceAll(new RegExp(`(?<![\\w.@])@${literal}(?!\\w)`, 'gi'), ' ');
}

/** Whether a mention without @username (of a user by link) means the bot. */
function hasTextMention(message: Fields, id: number): boolean {
  return list(message['entities'] ?? message['caption_entities'])
    .map(object)
    .some((entity) => entity?.['type'] === 'text_mention' && object(entity['user'])?.['id'] === id);
}

/**
 * What an update asks of the bot; null when no answer is due.
 *
 * In private chats every text, caption and command is for the bot. In groups only what mentions it,
 * replies to it or commands it is; a command that names another bot is not, and one that names none
 * is if it is a command of ours (it may be another bot's). Channel posts, edits, service messages,
 * bots' messages and all that is no message ask for nothing; nor does an album's item without caption.
 *
 * @param ownerChat where /report is a command of ours
 */
export function readRequest(
  update: Fields,
  facts: UpdateFacts,
  identity: BotIdentity,
  ownerChat?: number,
): Request | null {
  const { chat, user, callbackData, command, commandBot } = facts;
  const isPrivate = chat?.type === 'private';
  if (!isPrivate && chat?.type !== 'group' && chat?.type !== 'supergroup') return null;
  // On behalf of a business account the bot records, it does not speak.
  if (facts.businessConnectionId !== null) return null;
  if (facts.updateType === 'callback_query') {
    return callbackData === null ? null : { kind: 'tap', data: callbackData };
  }
  if (facts.updateType !== 'message' || facts.isService || user?.isBot === true) return null;

  const message = messageOf(update);
  const text = facts.text ?? facts.caption ?? '';
  const question = withoutMention(text, identity.username);
  const isMine = commandBot?.toLowerCase() === identity.username.toLowerCase();
  if (!isPrivate) {
    // A channel's post in its discussion group is nobody's question, even when it names the bot.
    if (message['is_automatic_forward'] === true) return null;
    if (command !== null && commandBot !== null && !isMine) return null;
    const isKnown =
      COMMANDS.some((known) => known === command) ||
      (chat.id === ownerChat && command !== null && isReportCommand(command));
    const isCommanded = command !== null && (isMine || isKnown);
    const isMeant =
      isCommanded ||
      facts.replyToUserId === identity.id ||
      question !== text ||
      hasTextMention(message, identity.id);
    if (!isMeant) return null;
  }
  if (command !== null) return { kind: 'command', command };
  if (text.trim() !== '') return { kind: 'question', text: question.trim() };
  // An album comes as one message per item, and its caption with one of them: asking for text each
  // time would nag.
  const isMedia =
    facts.contentType !== null && facts.contentType !== 'unknown' && facts.mediaGroupId === null;
  return isPrivate && isMedia ? { kind: 'media' } : null;
}
