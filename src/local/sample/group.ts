import type { Message, Update } from '@grammyjs/types';

import {
  chatOf,
  membershipMessage,
  membershipUpdate,
  photoUpdate,
  reactionUpdate,
  stickerUpdate,
  textUpdate,
} from '../simulator/updates.ts';
import type { MessageOccasion } from '../simulator/updates.ts';
import { GROUP } from './people.ts';
import type { Customer } from './people.ts';
import { ANNOUNCEMENTS, CHATTER, GROUP_CAPTIONS, REACTIONS, STICKERS, THEMES } from './phrases.ts';
import { write } from './script.ts';
import type { Scene, Script, Sent } from './script.ts';
import { fill, word } from './wording.ts';

/** Stand-in user of anonymous administrators, who speak in the group's name. */
const ANONYMOUS_ADMIN = {
  id: 1_087_968_824,
  is_bot: true,
  first_name: 'Group',
  username: 'GroupAnonymousBot',
};

/** A talk in the group: members write, answer and react; at times somebody asks the bot. */
export function* talk(scene: Scene, members: readonly Customer[]): Script {
  const { random } = scene;
  let last: Sent | null = null;
  for (let left = random.between(1, 6); left > 0; left--) {
    const member = random.pick(members);
    last = yield* contribute(scene, member, last);
    while (random.chance(0.22)) yield* react(scene, random.pick(members), last);
  }
}

function* contribute(scene: Scene, member: Customer, last: Sent | null): Script<Sent> {
  const { random, bot } = scene;
  const { person, hand } = member;
  const speaker = { chat: GROUP, person };
  const step = { ...speaker, delay: random.between(15, 400) };
  switch (random.weighted([62, 12, 10, 4, 12])) {
    case 0:
      return yield* write(scene, speaker, word(random.pick(CHATTER), 'pt', hand, random));
    case 1: {
      const question = word(random.pick(random.pick(THEMES).pt), 'pt', hand, random);
      return yield* write(scene, speaker, `@${bot.username} ${question}`);
    }
    case 2: {
      const caption = fill(random.pick(GROUP_CAPTIONS), 'pt', random);
      return yield { ...step, update: (occasion) => photoUpdate(occasion, caption) };
    }
    case 3: {
      const emoji = random.pick(STICKERS);
      return yield { ...step, update: (occasion) => stickerUpdate(occasion, emoji) };
    }
    default: {
      const repliesTo = last?.update.message;
      const text = word(random.pick(CHATTER), 'pt', hand, random);
      return yield { ...step, update: (occasion) => textUpdate(occasion, text, repliesTo) };
    }
  }
}

function* react({ random }: Scene, { person }: Customer, to: Sent): Script {
  const emoji = random.pick(REACTIONS);
  yield {
    delay: random.between(5, 120),
    chat: GROUP,
    person,
    update: (occasion) =>
      reactionUpdate(occasion, to.occasion.messageId, { old: null, new: emoji }),
  };
}

/** Somebody joins or leaves: a line in the chat, and a notice to administrators. */
export function* changeMembership({ person }: Customer, change: 'join' | 'leave'): Script {
  const step = { chat: GROUP, person };
  yield { ...step, delay: 0, update: (occasion) => membershipMessage(occasion, change) };
  yield { ...step, delay: 0, update: (occasion) => membershipUpdate(occasion, change) };
}

/** The shop writes in the group's own name, as anonymous administrators do. */
export function* announce({ random }: Scene, { person }: Customer): Script {
  const text = fill(random.pick(ANNOUNCEMENTS), 'pt', random);
  yield {
    delay: 0,
    chat: GROUP,
    person,
    update: (occasion) => announcement(occasion, text),
  };
}

function announcement(occasion: MessageOccasion, text: string): Update {
  const chat = chatOf(occasion);
  const message = {
    message_id: occasion.messageId,
    from: ANONYMOUS_ADMIN,
    sender_chat: chat,
    author_signature: 'Folha & Barro',
    chat,
    date: occasion.time,
    text,
  } as Message;
  return { update_id: occasion.updateId, message } as Update;
}
