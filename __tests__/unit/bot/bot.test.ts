import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Message } from '@grammyjs/types';
import fc from 'fast-check';

import { type Bot, type BotOptions, createBot } from '../../../src/bot/bot.ts';
import { type Knowledge, loadKnowledge } from '../../../src/bot/knowledge.ts';
import type { Matcher } from '../../../src/bot/matcher.ts';
import { createNgramMatcher } from '../../../src/bot/ngramMatcher.ts';
import type { Answer } from '../../../src/lake/envelope.ts';
import {
  CONTENT_TYPES,
  type ContentType,
  isServiceContent,
} from '../../../src/telegram/content.ts';
import { type RawUpdate, updateFacts } from '../../../src/telegram/updateFacts.ts';
import { arbitraryDamagedUpdate, arbitraryUpdate } from '../../support/updates/arbitraries.ts';
import { CONTENTS } from '../../support/updates/contents.ts';
import { NOON, SPECIAL_UPDATES, UPDATES } from '../../support/updates/fixtures.ts';
import {
  CAROL,
  CAROLS_CHAT,
  CHANNEL,
  GROUP_ANONYMOUS_BOT,
  JAMES,
  JAMES_CHAT,
  MARIA,
  OUR_BOT,
  SUPERGROUP,
} from '../../support/updates/people.ts';

let knowledge: Knowledge;
let matcher: Matcher;
beforeAll(async () => {
  knowledge = await loadKnowledge('knowledge');
  matcher = createNgramMatcher(knowledge);
});

function makeBot(options: Partial<BotOptions> = {}): Bot {
  return createBot({
    knowledge,
    matcher,
    identity: { id: OUR_BOT.id, username: OUR_BOT.username },
    language: 'pt',
    floodPerMinute: 20,
    rawRetentionDays: 365,
    ...options,
  });
}

function decide(update: unknown, bot = makeBot(), receivedAt = NOON * 1000): Answer | null {
  const raw = update as RawUpdate;
  return bot.decide({ update: raw, facts: updateFacts(raw), receivedAt });
}

/** The answer that must be there. */
function answerTo(update: unknown, bot?: Bot): Answer {
  const answer = decide(update, bot);
  if (answer === null) throw new Error('no answer was due');
  return answer;
}

type Part = Partial<Record<keyof Message, unknown>>;

/** Carol writes to the bot. */
function inPrivate(part: Part | string): RawUpdate {
  const content = typeof part === 'string' ? { text: part } : part;
  return {
    update_id: 1,
    message: { message_id: 9, from: CAROL, chat: CAROLS_CHAT, date: NOON, ...content },
  };
}

/** Carol writes in a group that the bot is a member of. */
function inGroup(part: Part | string): RawUpdate {
  const content = typeof part === 'string' ? { text: part } : part;
  return {
    update_id: 1,
    message: { message_id: 9, from: CAROL, chat: SUPERGROUP, date: NOON, ...content },
  };
}

/** Carol taps a button under the bot's message 8. */
function tap(data: string, part: object = {}): RawUpdate {
  return {
    update_id: 1,
    callback_query: {
      id: '1',
      from: CAROL,
      chat_instance: '2',
      data,
      message: { message_id: 8, from: OUR_BOT, chat: CAROLS_CHAT, date: NOON, text: 'Oi' },
      ...part,
    },
  };
}

function textOf({ call }: Answer): string {
  return call?.['text'] as string;
}

type Keyboard = { text: string; callback_data: string }[][];

function buttonsOf({ call }: Answer): Keyboard {
  const markup = call?.['reply_markup'] as { inline_keyboard: Keyboard } | undefined;
  return markup?.inline_keyboard ?? [];
}

function dataOf(answer: Answer): string[] {
  return buttonsOf(answer)
    .flat()
    .map((button) => button.callback_data);
}

function topicAnswer(id: string, language: 'pt' | 'en'): string | undefined {
  return knowledge.topics.get(id)?.speech[language]?.answer;
}

/** The content without words and album. */
function bare(type: ContentType): Part {
  return { ...CONTENTS[type], caption: undefined, media_group_id: undefined };
}

/** A matcher that finds what it is told to. */
function matching(score: number, intents: readonly string[]): Matcher {
  return {
    engine: 'told',
    sure: 0.5,
    possible: 0.3,
    match: () => intents.map((intent) => ({ intent, language: 'pt', score })),
  };
}

describe('a question in a private chat', () => {
  test('is answered, with follow-ups as buttons and all that was considered', () => {
    const answer = answerTo(inPrivate('Vcs aceitam pix?'));
    expect(answer.call).toEqual({
      method: 'sendMessage',
      chat_id: CAROL.id,
      text: topicAnswer('pix', 'pt'),
      reply_markup: {
        inline_keyboard: [
          [{ text: 'Formas de pagamento', callback_data: 'topic:formas-de-pagamento' }],
          [{ text: 'Falar com a loja', callback_data: 'topic:falar-com-a-loja' }],
        ],
      },
    });
    expect(answer).toMatchObject({
      outcome: 'answered',
      intent: 'pix',
      engine: matcher.engine,
      knowledge: knowledge.hash,
    });
    expect(answer.score).toBeGreaterThanOrEqual(matcher.sure);
    expect(answer.candidates[0]).toEqual({ intent: 'pix', score: answer.score });
    expect(answer.candidates.length).toBeGreaterThan(1);
    expect(answer.candidates.length).toBeLessThanOrEqual(5);
  });

  test('as short as its subject is answered in the language of the words around it', () => {
    const said = textOf(answerTo(inPrivate({ from: JAMES, text: 'Do you take Pix?' })));
    expect(said).toBe(topicAnswer('pix', 'en'));
  });

  test('is answered in the language it is asked in, whatever the app speaks', () => {
    expect(textOf(answerTo(inPrivate('Do you accept Pix?')))).toBe(topicAnswer('pix', 'en'));
    const fromJames = inPrivate({ from: JAMES, chat: JAMES_CHAT, text: 'Vocês aceitam Pix?' });
    expect(textOf(answerTo(fromJames))).toBe(topicAnswer('pix', 'pt'));
  });

  test('that is the same in both languages is answered in that of the app, else in the default', () => {
    const both = (language: 'pt' | 'en') => ({ questions: ['Pix'], answer: language });
    const topic = {
      id: 'pix',
      title: { pt: 'Pix', en: 'Pix' },
      speech: { pt: both('pt'), en: both('en') },
      followUps: [],
    };
    const twins = { ...knowledge, topics: new Map([['pix', topic]]) };
    const options = { knowledge: twins, matcher: createNgramMatcher(twins) };
    const ask = (from: object, language: 'pt' | 'en') =>
      textOf(answerTo(inPrivate({ from, text: 'pix' }), makeBot({ ...options, language })));
    expect(ask(CAROL, 'en')).toBe('pt');
    expect(ask(JAMES, 'pt')).toBe('en');
    expect(ask(MARIA, 'pt')).toBe('pt');
    expect(ask(MARIA, 'en')).toBe('en');
    expect(ask({ ...MARIA, language_code: 'de' }, 'en')).toBe('en');
  });

  test('counts as one when it is a caption', () => {
    const answer = answerTo(inPrivate({ ...CONTENTS.photo, caption: 'Meu vaso chegou quebrado' }));
    expect(answer).toMatchObject({ outcome: 'answered', intent: 'produto-danificado' });
  });

  test('that may mean several topics is answered with at most three of them as buttons', () => {
    const near = ['pix', 'saudacao', 'troca', 'reembolso', 'garantia'];
    const answer = answerTo(inPrivate('hm'), makeBot({ matcher: matching(0.4, near) }));
    expect(answer).toMatchObject({ outcome: 'suggested', intent: null, score: 0.4 });
    expect(textOf(answer)).toContain('Não tenho certeza');
    // Small talk is no topic to choose.
    expect(dataOf(answer)).toEqual(['topic:pix', 'topic:troca', 'topic:reembolso', 'help']);
    expect(answer.candidates).toHaveLength(5);
  });

  test('the thresholds belong to the side of more', () => {
    const outcome = (score: number) =>
      answerTo(inPrivate('hm'), makeBot({ matcher: matching(score, ['pix']) })).outcome;
    expect([0.5, 0.4999, 0.3, 0.2999].map(outcome)).toEqual([
      'answered',
      'suggested',
      'suggested',
      'fallback',
    ]);
  });

  test('that the shop has no answer to is not answered with one: a person and the topics are offered', () => {
    const answer = answerTo(inPrivate('quem foi o artilheiro do brasileirão?'));
    expect(answer).toMatchObject({ outcome: 'fallback', intent: null });
    expect(textOf(answer)).toContain('não sei');
    expect(dataOf(answer)).toEqual(['topic:falar-com-a-loja', 'help']);
    const english = inPrivate({ from: JAMES, chat: JAMES_CHAT, text: 'zzz' });
    expect(textOf(answerTo(english))).toContain('I cannot answer');
  });

  test('without a likeness to anything has score 0', () => {
    expect(answerTo(inPrivate('…'))).toMatchObject({ score: 0, candidates: [] });
  });
});

describe('in a private chat', () => {
  test.each(
    CONTENT_TYPES.filter((type) => type !== 'text' && !isServiceContent(type)).map((type) => [
      type,
    ]),
  )('a message with %s alone is asked for text, which is no fallback', (type) => {
    const answer = answerTo(inPrivate(bare(type)));
    expect(answer).toMatchObject({ outcome: 'none', intent: null, score: null, candidates: [] });
    expect(textOf(answer)).toContain('só leio texto');
  });

  test('an album is asked for text by none of its items', () => {
    expect(decide(inPrivate({ ...bare('photo'), media_group_id: '7' }))).toBeNull();
    const captioned = { ...bare('photo'), media_group_id: '7', caption: 'Aceitam pix?' };
    expect(answerTo(inPrivate(captioned)).intent).toBe('pix');
  });

  test('the name of the bot does not count', () => {
    expect(answerTo(inPrivate(`@${OUR_BOT.username} aceitam pix?`)).score).toBe(
      answerTo(inPrivate('aceitam pix?')).score,
    );
  });

  test('nothing is due to service messages, bots, edits, and contents of a later Bot API', () => {
    for (const type of CONTENT_TYPES.filter(isServiceContent)) {
      expect(decide(inPrivate(CONTENTS[type]))).toBeNull();
    }
    expect(decide(inPrivate({ from: OUR_BOT, text: 'Oi' }))).toBeNull();
    expect(decide(UPDATES.edited_message)).toBeNull();
    expect(decide(inPrivate({ ['hologram' as keyof Message]: {} }))).toBeNull();
  });
});

describe('a command', () => {
  test('/start greets, and offers six topics and the list', () => {
    const answer = answerTo(inPrivate('/start natal-2026'));
    expect(answer).toMatchObject({ outcome: 'answered', intent: '/start', score: null });
    expect(textOf(answer)).toBe(topicAnswer('saudacao', 'pt'));
    expect(dataOf(answer)).toEqual([
      'topic:horario-de-funcionamento',
      'topic:prazo-de-entrega',
      'topic:como-comprar',
      'topic:frete-e-area-de-entrega',
      'topic:rastrear-pedido',
      'topic:formas-de-pagamento',
      'help',
    ]);
    expect(buttonsOf(answer).map((row) => row.length)).toEqual([2, 2, 2, 1]);
  });

  test('/start has words of its own where no topic greets', () => {
    const bot = makeBot({ knowledge: { ...knowledge, greeting: null } });
    expect(textOf(answerTo(inPrivate('/start'), bot))).toContain('assistente automático');
  });

  test('/help lists every topic but small talk', () => {
    const answer = answerTo(inPrivate('/HELP'));
    expect(answer).toMatchObject({ outcome: 'answered', intent: '/help', score: null });
    expect(dataOf(answer)).toEqual(knowledge.menu.map(({ id }) => `topic:${id}`));
    // More than 100 buttons Telegram does not show.
    expect(dataOf(answer).length).toBeLessThanOrEqual(100);
  });

  test.each(['/report', '/relatorio', '/relatorio agora'])(
    '%s promises the report in the owner’s chat, and is unknown to all others',
    (text) => {
      const owners = makeBot({ ownerChat: CAROLS_CHAT.id });
      expect(answerTo(inPrivate(text), owners)).toMatchObject({
        outcome: 'answered',
        intent: '/report',
        call: {
          method: 'sendMessage',
          chat_id: CAROLS_CHAT.id,
          text: expect.stringMatching(/relatório/),
        },
      });
      const unknown = answerTo(inPrivate('/unheard_of')).call;
      for (const bot of [makeBot(), makeBot({ ownerChat: JAMES_CHAT.id })]) {
        const answer = answerTo(inPrivate(text), bot);
        expect(answer).toMatchObject({ outcome: 'fallback', intent: null });
        expect(answer.call).toEqual(unknown);
      }
      const english = { from: JAMES, chat: JAMES_CHAT, text };
      expect(
        answerTo(inPrivate(english), makeBot({ ownerChat: JAMES_CHAT.id })).call,
      ).toMatchObject({
        text: expect.stringMatching(/preparing the report/),
      });
    },
  );

  test('/report of an owner who is a group is obeyed there; in other groups it may be another bot’s', () => {
    const owners = makeBot({ ownerChat: SUPERGROUP.id });
    expect(answerTo(inGroup('/report'), owners).intent).toBe('/report');
    expect(decide(inGroup('/report'))).toBeNull();
  });

  test('/privacy tells what is kept, where, how long, and whom to ask', () => {
    const answer = answerTo(inPrivate('/privacy'));
    expect(answer).toMatchObject({ outcome: 'answered', intent: '/privacy', score: null });
    for (const word of ['nome', 'idioma', 'Onde', '365 dias', 'apagar']) {
      expect(textOf(answer)).toContain(word);
    }
    expect(dataOf(answer)).toEqual(['topic:falar-com-a-loja']);
    const kept = answerTo(inPrivate('/privacy'), makeBot({ rawRetentionDays: null }));
    expect(textOf(kept)).toContain('nada é apagado automaticamente');
    expect(textOf(kept)).not.toContain('dias');
    const english = answerTo(inPrivate({ from: JAMES, chat: JAMES_CHAT, text: '/privacy' }));
    expect(textOf(english)).toContain('after 365 days');
  });

  test('/privacy gives the number by which one is erased, but not where others read along', () => {
    const james = inPrivate({ from: JAMES, chat: JAMES_CHAT, text: '/privacy' });
    expect(textOf(answerTo(james))).toContain(`your number on Telegram: ${JAMES.id}.`);
    const inPublic = textOf(answerTo(inGroup('/privacy')));
    expect(inPublic).toContain('em particular');
    expect(inPublic).not.toMatch(/\d{5}/);
  });

  test('that the bot does not know is told so, with the ways on', () => {
    const answer = answerTo(inPrivate('/preco vaso'));
    expect(answer).toMatchObject({ outcome: 'fallback', intent: null, score: null });
    expect(textOf(answer)).toContain('/help');
    expect(dataOf(answer)).toContain('help');
  });
});

describe('in a group', () => {
  test('the bot only records what is not for it', () => {
    expect(decide(inGroup('Aceitam pix?'))).toBeNull();
    expect(decide(inGroup(CONTENTS.photo))).toBeNull();
    expect(decide(inGroup(`fale com a ${OUR_BOT.username}`))).toBeNull();
    expect(decide(inGroup(`oi@${OUR_BOT.username}`))).toBeNull();
    expect(decide(inGroup(`@${OUR_BOT.username}2 aceitam pix?`))).toBeNull();
    const other = { message_id: 3, from: CAROL, chat: SUPERGROUP, date: NOON, text: 'Oi' };
    expect(decide(inGroup({ text: 'Aceitam pix?', reply_to_message: other }))).toBeNull();
  });

  test('it answers when it is mentioned, in reply to the message', () => {
    const answer = answerTo(inGroup(`@${OUR_BOT.username.toUpperCase()}, aceitam pix?`));
    expect(answer).toMatchObject({
      outcome: 'answered',
      intent: 'pix',
      call: {
        chat_id: SUPERGROUP.id,
        reply_parameters: { message_id: 9, allow_sending_without_reply: true },
      },
    });
    expect(answer.score).toBe(answerTo(inPrivate('aceitam pix?')).score);
    expect(answer.call).not.toHaveProperty('message_thread_id');
  });

  test('it answers when it is mentioned by a link to it, and in a caption', () => {
    const entity = { type: 'text_mention', offset: 0, length: 4, user: OUR_BOT };
    expect(answerTo(inGroup({ text: 'Loja aceita pix?', entities: [entity] })).intent).toBe('pix');
    const caption = `@${OUR_BOT.username} meu vaso chegou quebrado`;
    expect(answerTo(inGroup({ ...CONTENTS.photo, caption })).intent).toBe('produto-danificado');
    const stranger = { ...entity, user: CAROL };
    expect(decide(inGroup({ text: 'Loja aceita pix?', entities: [stranger] }))).toBeNull();
  });

  test('it answers a reply to its own message', () => {
    expect(decide(SPECIAL_UPDATES.reply)).not.toBeNull();
    const reply_to_message = { message_id: 3, from: OUR_BOT, chat: SUPERGROUP, date: NOON };
    expect(decide(inGroup({ ...CONTENTS.sticker, reply_to_message }))).toBeNull();
  });

  test('it answers a call without a question with its topics, which is no fallback', () => {
    const answer = answerTo(inGroup(`@${OUR_BOT.username}`));
    expect(answer).toMatchObject({ outcome: 'none', intent: null, score: null });
    expect(dataOf(answer)).toHaveLength(7);
  });

  test('it obeys its commands, and leaves those of other bots alone', () => {
    expect(answerTo(inGroup('/help')).intent).toBe('/help');
    expect(answerTo(inGroup(`/privacy@${OUR_BOT.username.toUpperCase()}`)).intent).toBe('/privacy');
    expect(answerTo(inGroup(`/preco@${OUR_BOT.username}`)).outcome).toBe('fallback');
    expect(decide(inGroup('/help@other_bot'))).toBeNull();
    expect(decide(inGroup(`/help@other_bot @${OUR_BOT.username}`))).toBeNull();
    expect(decide(inGroup('/roll 20'))).toBeNull();
  });

  test('it answers anonymous administrators, and not the posts of a linked channel', () => {
    const anonymous = { from: GROUP_ANONYMOUS_BOT, sender_chat: SUPERGROUP };
    expect(answerTo(inGroup({ ...anonymous, text: '/help' })).intent).toBe('/help');
    const post = { sender_chat: CHANNEL, is_automatic_forward: true };
    expect(decide(inGroup({ ...post, text: `Falem com @${OUR_BOT.username}` }))).toBeNull();
  });

  test('it stays in the topic of a forum, and does not take a chain of replies for one', () => {
    const forum = { text: '/help', message_thread_id: 512, is_topic_message: true };
    expect(answerTo(inGroup(forum)).call).toMatchObject({ message_thread_id: 512 });
    const chain = answerTo(inGroup({ text: '/help', message_thread_id: 512 }));
    expect(chain.call).not.toHaveProperty('message_thread_id');
  });
});

describe('a tapped button', () => {
  test('brings the answer of its topic', () => {
    const answer = answerTo(tap('topic:troca'));
    expect(answer).toMatchObject({
      outcome: 'answered',
      intent: 'troca',
      score: null,
      candidates: [],
      call: { method: 'sendMessage', chat_id: CAROL.id, text: topicAnswer('troca', 'pt') },
    });
    expect(answer.call).not.toHaveProperty('reply_parameters');
    expect(answerTo(SPECIAL_UPDATES.inaccessibleMessage).intent).toBe('troca');
  });

  test('speaks the language of the app, and the one there is where that is missing', () => {
    expect(textOf(answerTo(tap('topic:troca', { from: JAMES })))).toBe(topicAnswer('troca', 'en'));
    const onlyPortuguese = new Map(
      [...knowledge.topics].map(([id, topic]) => {
        const { pt } = topic.speech;
        return [id, { ...topic, speech: pt ? { pt } : {} }];
      }),
    );
    const bot = makeBot({ knowledge: { ...knowledge, topics: onlyPortuguese } });
    expect(textOf(answerTo(tap('topic:troca', { from: JAMES }), bot))).toBe(
      topicAnswer('troca', 'pt'),
    );
  });

  test('brings the list of topics', () => {
    expect(answerTo(tap('help'))).toMatchObject({ outcome: 'answered', intent: '/help' });
  });

  test('of which nothing is known is told so', () => {
    for (const data of ['topic:gone', 'topic:', 'buy:7', '', 'topic:__proto__']) {
      const answer = answerTo(tap(data));
      expect(answer).toMatchObject({ outcome: 'fallback', intent: null, score: null });
      expect(dataOf(answer)).toEqual(['topic:falar-com-a-loja', 'help']);
    }
  });

  test('in a group is answered there, in its topic, beside the message', () => {
    const message = {
      message_id: 8,
      from: OUR_BOT,
      chat: SUPERGROUP,
      date: NOON,
      message_thread_id: 512,
      is_topic_message: true,
    };
    expect(answerTo(tap('topic:pix', { message })).call).toMatchObject({
      chat_id: SUPERGROUP.id,
      message_thread_id: 512,
      reply_parameters: { message_id: 8 },
    });
  });

  test('under a message sent inline, and one of a game, asks for nothing', () => {
    expect(decide(tap('topic:pix', { message: undefined, inline_message_id: 'x' }))).toBeNull();
    expect(decide(tap('topic:pix', { data: undefined, game_short_name: 'x' }))).toBeNull();
  });
});

describe('a flood', () => {
  test('is recorded, not answered, until the minute is over', () => {
    const bot = makeBot({ floodPerMinute: 2 });
    const at = (ms: number) => decide(inPrivate('Oi'), bot, ms);
    expect(at(0)?.call).not.toBeNull();
    expect(at(10)?.call).not.toBeNull();
    expect(at(20)).toMatchObject({
      call: null,
      outcome: 'none',
      intent: null,
      score: null,
      candidates: [],
      engine: matcher.engine,
      knowledge: knowledge.hash,
    });
    expect(at(60_000)?.call).not.toBeNull();
  });

  test('is made by taps too, and not by what asks for no answer', () => {
    const bot = makeBot({ floodPerMinute: 1 });
    expect(decide(UPDATES.edited_message, bot)).toBeNull();
    expect(decide(tap('help'), bot)?.call).not.toBeNull();
    expect(decide(inPrivate('Oi'), bot)?.call).toBeNull();
  });
});

describe('the record', () => {
  test('holds the time that the decision took', () => {
    const times = [100, 107.5];
    const answer = answerTo(inPrivate('Oi'), makeBot({ clock: () => times.shift() ?? 0 }));
    expect(answer.ms).toBe(7.5);
  });
});

describe('all that Telegram may send', () => {
  test('kinds of update other than messages and taps ask for nothing', () => {
    for (const [type, update] of Object.entries(UPDATES)) {
      const due = type === 'message' || type === 'callback_query';
      expect({ type, due: decide(update) !== null }).toEqual({ type, due });
    }
  });

  test('nothing throws, and what is said keeps to Telegram’s limits', () => {
    const bot = makeBot();
    let said = 0;
    fc.assert(
      fc.property(fc.oneof(arbitraryUpdate(), arbitraryDamagedUpdate()), fc.nat(), (update, at) => {
        const call = decide(update, bot, at)?.call ?? null;
        if (call === null) return;
        said++;
        expect(call.method).toBe('sendMessage');
        expect(Number.isSafeInteger(call['chat_id'])).toBe(true);
        const text = call['text'] as string;
        expect(text.trim().length).toBeGreaterThan(0);
        expect(text.length).toBeLessThanOrEqual(4096);
        const markup = call['reply_markup'] as { inline_keyboard: Keyboard } | undefined;
        for (const button of markup?.inline_keyboard.flat() ?? []) {
          expect(Buffer.byteLength(button.callback_data)).toBeGreaterThan(0);
          expect(Buffer.byteLength(button.callback_data)).toBeLessThanOrEqual(64);
          expect(button.text.trim().length).toBeGreaterThan(0);
        }
        expect(JSON.parse(JSON.stringify(call))).toEqual(call);
      }),
      { numRuns: 2_000 },
    );
    expect(said).toBeGreaterThan(50);
  });

  test('every answer of the shop can be sent, with its buttons', () => {
    const bot = makeBot({ floodPerMinute: 1_000 });
    for (const { id } of knowledge.topics.values()) {
      for (const from of [CAROL, JAMES]) {
        const answer = answerTo(tap(`topic:${id}`, { from }), bot);
        expect(answer).toMatchObject({ outcome: 'answered', intent: id });
        expect(textOf(answer).length).toBeLessThanOrEqual(4096);
      }
    }
  });
});
