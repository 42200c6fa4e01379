import type { Language } from '../../config/config.ts';
import { buttonsOf } from '../conversation.ts';
import { photoUpdate, stickerUpdate, tapUpdate, userOf, chatOf } from '../simulator/updates.ts';
import type { Customer } from './people.ts';
import { BEYOND, CAPTIONS, GREETINGS, STICKERS, THANKS, THEMES } from './phrases.ts';
import type { Random } from './random.ts';
import { answerMessage, write } from './script.ts';
import type { Scene, Script, Sent } from './script.ts';
import { word, wrap } from './wording.ts';

/** Messages of somebody who has lost all patience, within a minute. */
const IMPATIENT = 26;

function languageOf({ person }: Customer): Language {
  return person.languageCode === 'en' ? 'en' : 'pt';
}

function say(
  phrases: Readonly<Record<Language, readonly string[]>>,
  customer: Customer,
  random: Random,
): string {
  const language = languageOf(customer);
  return word(random.pick(phrases[language]), language, customer.hand, random);
}

function question(
  phrases: Readonly<Record<Language, readonly string[]>>,
  customer: Customer,
  random: Random,
): string {
  return wrap(say(phrases, customer, random), languageOf(customer), random);
}

/**
 * A customer's visit to the bot: they greet, ask, and go on by what they are answered.
 *
 * @param start what follows /start on their first visit, empty for nothing; null on later visits
 */
export function* visit(scene: Scene, customer: Customer, start: string | null): Script {
  const { random } = scene;
  if (start !== null) yield* write(scene, customer, `/start ${start}`.trim());
  else if (random.chance(0.28)) yield* write(scene, customer, say(GREETINGS, customer, random));

  switch (random.weighted([80, 9, 5, 3, 3])) {
    case 0:
      yield* askAbout(scene, customer, random.weighted(THEMES.map(({ weight }) => weight)));
      break;
    case 1:
      yield* goOn(
        scene,
        customer,
        yield* write(scene, customer, question(BEYOND, customer, random)),
      );
      break;
    case 2:
      yield* showPhoto(scene, customer);
      break;
    case 3:
      yield* speak(scene, customer);
      yield* askAbout(scene, customer, random.weighted(THEMES.map(({ weight }) => weight)));
      break;
    case 4:
      yield* write(scene, customer, random.pick(['/help', '/help', '/privacy']));
      break;
  }

  if (random.chance(0.4)) yield* write(scene, customer, say(THANKS, customer, random));
  if (random.chance(0.05)) yield* sendSticker(scene, customer);
}

/** Asks about a theme, and at times about another one. */
function* askAbout(scene: Scene, customer: Customer, theme: number): Script {
  const { random } = scene;
  const phrases = THEMES[theme];
  if (phrases === undefined) return;
  const first = yield* write(scene, customer, question(phrases, customer, random));
  yield* goOn(scene, customer, first);
  if (first.answer?.outcome === 'fallback' && random.chance(0.5)) {
    const again = yield* write(scene, customer, question(phrases, customer, random));
    yield* goOn(scene, customer, again);
  }
  if (random.chance(0.3)) {
    yield* askAbout(scene, customer, random.weighted(THEMES.map(({ weight }) => weight)));
  }
}

/** Taps a button of the answer, or not. */
function* goOn(scene: Scene, customer: Customer, sent: Sent): Script {
  const { random } = scene;
  const buttons = buttonsOf(sent.answer?.call?.['reply_markup']).flat();
  const patience = { answered: 0.25, suggested: 0.75, fallback: 0.3, handoff: 0, none: 0 };
  const outcome = sent.answer?.outcome ?? 'none';
  if (buttons.length === 0 || !random.chance(patience[outcome])) return;
  // The first suggestion is mostly the right one.
  const button = random.chance(0.7) ? buttons[0] : random.pick(buttons);
  const message = answerMessage(sent, scene.bot);
  const { chat, person } = customer;
  const tapped = yield {
    delay: random.between(3, 30),
    chat,
    person,
    update: (occasion) =>
      tapUpdate(
        occasion,
        `${occasion.updateId}-${occasion.messageId}`,
        message,
        button?.data ?? '',
      ),
  };
  if (tapped.answer !== null && random.chance(0.15)) {
    yield* write(scene, customer, say(THANKS, customer, random));
  }
}

function* showPhoto(scene: Scene, customer: Customer): Script {
  const { random } = scene;
  const caption = random.chance(0.85) ? say(CAPTIONS, customer, random) : undefined;
  const { chat, person } = customer;
  const sent = yield {
    delay: random.between(10, 60),
    chat,
    person,
    update: (occasion) => photoUpdate(occasion, caption),
  };
  yield* goOn(scene, customer, sent);
}

/** A voice message, which the bot does not understand. */
function* speak({ random }: Scene, { chat, person }: Customer): Script {
  const duration = random.between(3, 50);
  yield {
    delay: random.between(10, 60),
    chat,
    person,
    update: (occasion) => ({
      update_id: occasion.updateId,
      message: {
        message_id: occasion.messageId,
        from: userOf(person),
        // Of a private chat: the script is used nowhere else.
        chat: chatOf(occasion) as never,
        date: occasion.time,
        voice: {
          duration,
          mime_type: 'audio/ogg',
          file_id: `AwACAgEAAxkBAAI${occasion.messageId}`,
          file_unique_id: `AgAD${occasion.messageId}`,
          file_size: duration * 4_100,
        },
      },
    }),
  };
}

function* sendSticker({ random }: Scene, { chat, person }: Customer): Script {
  const emoji = random.pick(STICKERS);
  yield {
    delay: random.between(3, 20),
    chat,
    person,
    update: (occasion) => stickerUpdate(occasion, emoji),
  };
}

/** Somebody who writes faster than the bot may answer. */
export function* loseTemper(scene: Scene, customer: Customer): Script {
  yield* askAbout(scene, customer, 3);
  for (let count = 0; count < IMPATIENT; count++) {
    const text = scene.random.pick(['alô?', 'oi??', 'tem alguém aí?', '???', 'responde por favor']);
    yield* write(scene, customer, text, scene.random.between(1, 2));
  }
}

/** Somebody blocks the bot. */
export function* block({ bot }: Scene, { chat, person }: Customer): Script {
  const user = { id: bot.id, is_bot: true, first_name: bot.username, username: bot.username };
  yield {
    delay: 0,
    chat,
    person,
    update: (occasion) => ({
      update_id: occasion.updateId,
      my_chat_member: {
        chat: chatOf(occasion),
        from: userOf(person),
        date: occasion.time,
        old_chat_member: { user, status: 'member' },
        new_chat_member: { user, status: 'kicked', until_date: 0 },
      },
    }),
  };
}
