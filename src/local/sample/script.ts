import type { Message, Update } from '@grammyjs/types';

import type { BotIdentity } from '../../bot/identity.ts';
import type { Answer } from '../../lake/envelope.ts';
import type { Person } from '../api.ts';
import type { SimulatedChat } from '../simulator/people.ts';
import { chatOf, editUpdate, textUpdate } from '../simulator/updates.ts';
import type { MessageOccasion } from '../simulator/updates.ts';
import type { Random } from './random.ts';

/** What somebody does next. */
export interface Step {
  /** Seconds after what they did before. */
  readonly delay: number;
  readonly chat: SimulatedChat;
  readonly person: Person;
  readonly update: (occasion: MessageOccasion) => Update;
}

/** What became of a step. */
export interface Sent {
  readonly occasion: MessageOccasion;
  readonly update: Update;
  readonly answer: Answer | null;
}

/** What somebody does, one step after the other; each may depend on what the bot answered. */
export type Script<Result = void> = Generator<Step, Result, Sent>;

/** What all scripts know. */
export interface Scene {
  readonly bot: BotIdentity;
  readonly random: Random;
}

/** Who does something where. */
export type Actor = Pick<Step, 'chat' | 'person'>;

/** Writes a text; now and then it is mended a moment later. */
export function* write(
  { random }: Scene,
  { chat, person }: Actor,
  text: string,
  delay = random.between(6, 75),
): Script<Sent> {
  const sent = yield { delay, chat, person, update: (occasion) => textUpdate(occasion, text) };
  const message = sent.update.message;
  if (message && text.length > 12 && random.chance(0.03)) {
    const mended = `${text.replace(/[ .!?]+$/, '')} 😅`;
    yield {
      delay: random.between(4, 40),
      chat,
      person,
      update: (occasion) => editUpdate(occasion, message, mended),
    };
  }
  return sent;
}

/** The bot's answer as Telegram embeds it in a tap: it has the number after the message's. */
export function answerMessage({ occasion, answer }: Sent, bot: BotIdentity): Message {
  return {
    message_id: occasion.messageId + 1,
    from: { id: bot.id, is_bot: true, first_name: bot.username, username: bot.username },
    chat: chatOf(occasion),
    date: occasion.time,
    text: typeof answer?.call?.['text'] === 'string' ? answer.call['text'] : '',
    reply_markup: answer?.call?.['reply_markup'],
  } as Message;
}
