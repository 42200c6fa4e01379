import { answer } from './answers.ts';
import { ANONYMOUS, BOTS, OURS, type Place, chatOn, personOn, privateChat } from './people.ts';
import type { Citizen } from './people.ts';
import { CAMPAIGNS, CAPTIONS, CHATTER, KNOWN_QUESTIONS, UNKNOWN_QUESTIONS } from './phrases.ts';
import type { Planner } from './planner.ts';
import type { Random } from './random.ts';
import type { Chat, Message, Person, Reaction, Status } from './update.ts';

/** When and who: what a scene is played with. */
export interface Setting {
  readonly planner: Planner;
  readonly random: Random;
  /** Day of the period, from 0. */
  readonly day: number;
  /** Unix seconds. */
  readonly at: number;
  readonly citizens: readonly Citizen[];
}

const PHOTO = [{ file_id: 'p', file_unique_id: 'p', width: 90, height: 67 }];
const FILE = { file_id: 'f', file_unique_id: 'f' };

/** Contents without a word, by the names of the Bot API; some carry another for old clients. */
const WORDLESS: readonly Readonly<Record<string, unknown>>[] = [
  { sticker: { ...FILE, type: 'regular', width: 512, height: 512 } },
  { voice: { ...FILE, duration: 3 } },
  { animation: { ...FILE, duration: 1 }, document: FILE },
  { document: FILE },
  { venue: { title: 'Loja', address: 'Rua 1' }, location: { latitude: -23.5, longitude: -46.6 } },
  { location: { latitude: -23.5, longitude: -46.6 } },
  { contact: { phone_number: '1', first_name: 'Ana' } },
  { dice: { emoji: '🎲', value: 6 } },
  { brand_new_content: { a: 1 } },
];

/** Seconds until the next message: on both sides of the half hour that ends a session, too. */
const GAPS = [0, 0, 1, 5, 20, 20, 60, 60, 200, 900, 1_799, 1_800, 1_801, 5_400];

function speaker({ random, citizens, day }: Setting): Person {
  return personOn(random.pickEarly(citizens), day);
}

/** What somebody sends when they do not ask. */
function content(random: Random): Readonly<Record<string, unknown>> {
  // More words than a list of the most frequent ones has room for.
  if (random.chance(0.1)) return { text: `vaso ${random.integer(100, 399)}` };
  if (random.chance(0.8)) return { text: random.pick(CHATTER) };
  if (random.chance(0.5)) return { photo: PHOTO, caption: random.pick(CAPTIONS) };
  return random.pick(WORDLESS);
}

/** Somebody corrects what they wrote, later. */
function maybeEdit(setting: Setting, kind: 'channel_post' | 'message', message: Message): void {
  const { planner, random } = setting;
  if (typeof message.text !== 'string' || !random.chance(0.05)) return;
  const edit_date = message.date + random.pick([1, 30, 3_000, 90_000]);
  const edited = { ...message, edit_date, text: `${message.text} (corrigido)` };
  planner.add(
    edit_date,
    kind === 'message' ? { edited_message: edited } : { edited_channel_post: edited },
  );
}

/** A button under one of the bot's messages is tapped. Nothing in it says when. */
function tap(setting: Setting, at: number, chat: Chat, from: Person): void {
  const { planner, random } = setting;
  const { topic } = random.pickEarly(KNOWN_QUESTIONS);
  const isHelp = random.chance(0.1);
  planner.add(
    at,
    {
      callback_query: {
        id: `${at}${from.id}`,
        from,
        // Too old to be shown, a message has the date 0; of an inline message there is none.
        ...(random.chance(0.95) && {
          message: {
            message_id: 1,
            date: random.chance(0.1) ? 0 : at - 5,
            chat,
            from: OURS,
          },
        }),
        data: isHelp ? 'help' : `topic:${topic}`,
      },
    },
    {
      answer: answer(random, isHelp ? 'none' : 'answered', isHelp ? null : topic),
      // Delivered again, sometimes hours later and so on the next day: it counts once.
      again: random.chance(0.05) ? [random.pick([1, 600, 20_000])] : [],
    },
  );
}

/** Somebody asks the bot, and goes on asking. */
export function conversation(setting: Setting): void {
  const { planner, random } = setting;
  const from = speaker(setting);
  const chat = privateChat(from);
  let { at } = setting;
  for (let turns = random.integer(1, 9); turns > 0; turns--) {
    const isBusiness = random.chance(0.02);
    const kind = isBusiness ? 'business_message' : 'message';
    const sent = turn(setting, at, chat, from, isBusiness);
    planner.add(at, { [kind]: sent.message }, { answer: sent.outcome });
    if (!isBusiness) maybeEdit(setting, 'message', sent.message);
    if (sent.outcome?.outcome === 'suggested' && random.chance(0.6)) {
      tap(setting, at + random.integer(1, 90), chat, from);
    }
    at += random.pick(GAPS);
  }
}

function turn(setting: Setting, at: number, chat: Chat, from: Person, isBusiness: boolean) {
  const { planner, random } = setting;
  const write = (fields: Readonly<Record<string, unknown>>) =>
    planner.message(at, chat, {
      from,
      ...(isBusiness && { business_connection_id: 'b' }),
      ...fields,
    });
  const asked = random.number();
  if (asked < 0.4) {
    const { topic, wordings } = random.pickEarly(KNOWN_QUESTIONS);
    const isSure = random.chance(0.8);
    const text = random.pick(wordings);
    return {
      message: write(random.chance(0.05) ? { photo: PHOTO, caption: text } : { text }),
      outcome: answer(random, isSure ? 'answered' : 'suggested', isSure ? topic : null),
    };
  }
  if (asked < 0.65) {
    const text = random.pick(random.pickEarly(UNKNOWN_QUESTIONS).wordings);
    return {
      message: write(random.chance(0.05) ? { photo: PHOTO, caption: text } : { text }),
      outcome: random.chance(0.95)
        ? answer(random, 'fallback', null)
        : answer(random, 'handoff', null),
    };
  }
  if (asked < 0.7) {
    const command = random.pick(['/help', '/HELP@loja_bot', '/privacy', '/start']);
    const name = command.toLowerCase().replace(/@.*/, '');
    return { message: write({ text: command }), outcome: answer(random, 'answered', name) };
  }
  if (asked < 0.85) {
    return { message: write(content(random)), outcome: answer(random, 'none', null) };
  }
  return { message: write(content(random)), outcome: null };
}

/** Somebody comes by a link, and may ask within a day. */
export function campaign(setting: Setting): void {
  const { planner, random, at } = setting;
  const from = speaker(setting);
  const chat = privateChat(from);
  const start = {
    ...planner.message(at, chat, { from, text: `/start ${random.pickEarly(CAMPAIGNS)}` }),
    entities: [{ type: 'bot_command', offset: 0, length: 6 }],
  };
  const { wordings } = random.pick(UNKNOWN_QUESTIONS);
  const ask = (when: number): void => {
    const message = planner.message(when, chat, { from, text: random.pick(wordings) });
    planner.add(
      when,
      { message },
      { answer: answer(random, 'fallback', null), delay: 1, again: [] },
    );
  };
  // In the same second, one number before: asked before they came.
  if (random.chance(0.1)) ask(at);
  planner.add(at, { message: start }, { answer: answer(random, 'answered', '/start') });
  if (random.chance(0.6)) ask(at + random.pick([0, 1, 45, 45, 3_600, 86_399, 86_400, 86_401]));
}

/** Members of a group talk. */
export function groupTalk(setting: Setting, place: Place): void {
  const { planner, random, day } = setting;
  const chat = chatOn(place, day);
  let { at } = setting;
  for (let lines = random.integer(3, 30); lines > 0; lines--) {
    const from = speaker(setting);
    const who = random.number();
    let fields: Readonly<Record<string, unknown>> = { from };
    if (who < 0.03) fields = { from: random.pick(BOTS) };
    else if (who < 0.05) fields = { from: ANONYMOUS, sender_chat: chat };
    if (random.chance(0.05)) {
      // An album: each item is a message.
      for (let items = random.integer(2, 4); items > 0; items--) {
        const caption = items === 2 ? { caption: random.pick(CAPTIONS) } : {};
        const album = { media_group_id: `${at}`, photo: PHOTO, ...caption };
        planner.add(at, { message: planner.message(at, chat, { ...fields, ...album }) });
      }
    } else {
      const message = planner.message(at, chat, { ...fields, ...content(random) });
      const isHeard = random.chance(0.1) && who >= 0.05;
      const delivery = isHeard ? { answer: answer(random, 'none', null) } : {};
      planner.add(at, { message }, delivery);
      maybeEdit(setting, 'message', message);
      if (random.chance(0.15)) reaction(setting, at + random.integer(1, 500), message);
    }
    at += random.integer(0, 240);
  }
}

const EMOJI = ['👍', '❤', '🔥', '👎', '🎉'];

/** Somebody reacts, changes their mind, takes it back. */
function reaction(setting: Setting, at: number, { chat, message_id }: Message): void {
  const { planner, random } = setting;
  const emoji = (): Reaction => ({ type: 'emoji', emoji: random.pickEarly(EMOJI) });
  const first = emoji();
  const second: Reaction = { type: 'custom_emoji', custom_emoji_id: '5368324170671202286' };
  const choice = random.number();
  let new_reaction: readonly Reaction[] = [first];
  if (choice < 0.1) new_reaction = [];
  else if (choice < 0.25) new_reaction = [first, second];
  else if (choice < 0.3) new_reaction = [{ type: 'paid' }, first, second];
  const who = random.chance(0.05) ? { actor_chat: chat } : { user: speaker(setting) };
  planner.add(at, {
    message_reaction: { chat, message_id, ...who, date: at, old_reaction: [], new_reaction },
  });
}

/** A channel posts. */
export function post(setting: Setting, place: Place): void {
  const { planner, random, at, day } = setting;
  const chat = chatOn(place, day);
  const message = planner.message(at, chat, { sender_chat: chat, ...content(random) });
  planner.add(at, { channel_post: message });
  maybeEdit(setting, 'channel_post', message);
  planner.add(at + 60, {
    message_reaction_count: {
      chat,
      message_id: message.message_id,
      date: at + 60,
      reactions: [{ type: { type: 'emoji', emoji: '👍' }, total_count: 2 }],
    },
  });
}

/** Changes of membership, as Telegram has them; some are none, since the member stays. */
const CHANGES: readonly (readonly [from: Status, to: Status])[] = [
  ['left', 'member'],
  ['member', 'left'],
  ['member', 'kicked'],
  ['kicked', 'left'],
  ['kicked', 'member'],
  ['member', 'administrator'],
  ['administrator', 'member'],
  ['left', 'restricted'],
  ['restricted', 'left'],
  ['left', 'administrator'],
];

/** Somebody joins or leaves a group: told once, or once more by a service message, or only by it. */
export function membership(setting: Setting, place: Place): void {
  const { planner, random, at, day } = setting;
  const chat = chatOn(place, day);
  const user = speaker(setting);
  const by = random.chance(0.2) ? speaker(setting) : user;
  const [from, to] = random.pick(CHANGES);
  const told = random.number();
  if (told < 0.75) {
    planner.add(at, {
      chat_member: {
        chat,
        from: by,
        date: at,
        old_chat_member: { user, status: from },
        new_chat_member: { user, status: to },
      },
    });
  }
  if (told < 0.4) return;
  const others = random.chance(0.2) ? [speaker(setting)] : [];
  const service = random.chance(0.5)
    ? { new_chat_members: [user, ...others] }
    : { left_chat_member: user };
  // In a channel nobody is told.
  if (chat.type !== 'channel') {
    planner.add(at, { message: planner.message(at, chat, { from: by, ...service }) });
  }
}

/** Somebody blocks the bot or comes back; or the bot itself is taken into a group. */
export function botMembership(setting: Setting, place: Place): void {
  const { planner, random, at, day } = setting;
  const from = speaker(setting);
  const isPrivate = random.chance(0.8);
  const [before, after] = random.pick<readonly [Status, Status]>(
    isPrivate
      ? [
          ['member', 'kicked'],
          ['kicked', 'member'],
        ]
      : CHANGES,
  );
  planner.add(at, {
    my_chat_member: {
      chat: isPrivate ? privateChat(from) : chatOn(place, day),
      from,
      date: at,
      old_chat_member: { user: OURS, status: before },
      new_chat_member: { user: OURS, status: after },
    },
  });
}

/** What is no message and belongs to no chat, or to one that the bot is not in. */
export function oddity(setting: Setting, place: Place): void {
  const { planner, random, at, day } = setting;
  const from = speaker(setting);
  const chat = chatOn(place, day);
  switch (random.integer(0, 6)) {
    case 0:
      planner.add(at, { poll: { id: `${at}`, question: 'Qual vaso?', options: [] } });
      break;
    case 1:
      planner.add(at, { poll_answer: { poll_id: `${at}`, user: from, option_ids: [0] } });
      break;
    case 2:
      planner.add(at, { inline_query: { id: `${at}`, from, query: 'vaso', offset: '' } });
      break;
    case 3:
      planner.add(at, { chat_join_request: { chat, from, user_chat_id: from.id, date: at } });
      break;
    case 4:
      planner.add(at, { dream_shared: { from } });
      break;
    case 5:
      planner.add(at, {
        message: planner.message(at, chat, { from, pinned_message: { message_id: 1, date: at } }),
      });
      break;
    default:
      planner.add(at, {
        message: planner.message(at, chat, { from, new_chat_title: chat.title }),
      });
  }
}

/** A group becomes a supergroup: both say so. */
export function migrate({ planner, at, day }: Setting, from: Place, to: Place): void {
  const [before, after] = [chatOn(from, day), chatOn(to, day)];
  planner.add(at, {
    message: planner.message(at, before, { from: ANONYMOUS, migrate_to_chat_id: after.id }),
  });
  planner.add(at, {
    message: planner.message(at, after, { from: ANONYMOUS, migrate_from_chat_id: before.id }),
  });
}
