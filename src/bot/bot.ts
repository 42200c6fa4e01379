import type { Language } from '../config/config.ts';
import type { Answer, BotCall } from '../lake/envelope.ts';
import type { UpdateFacts } from '../telegram/facts.ts';
import type { Fields } from '../telegram/fields.ts';
import { createFloodGuard } from './floodGuard.ts';
import type { BotIdentity } from './identity.ts';
import type { Knowledge, Topic } from './knowledge.ts';
import { chooseLanguage } from './language.ts';
import type { Match, Matcher } from './matcher.ts';
import { COMMANDS, REPORT_INTENT, isReportCommand, messageOf, readRequest } from './request.ts';
import type { Request } from './request.ts';
import { TEXTS } from './texts.ts';

/** One update, as it came and as it was understood. */
export interface BotInput {
  /** The parsed update. */
  readonly update: Fields;
  readonly facts: UpdateFacts;
  /** Unix milliseconds. */
  readonly receivedAt: number;
}

/** Decides what is said to an update. */
export interface Bot {
  readonly identity: BotIdentity;
  /**
   * What the bot answers; null when no answer is due (see `readRequest`). Never throws.
   *
   * Outcomes: `answered` by a topic or a command; `suggested`, not sure, its nearest topics are
   * offered; `fallback`, it does not know. `none` says nothing about how much it knows: somebody sent
   * no text to a private chat, or called it in a group and asked nothing (it says how to ask), or
   * floods the chat (`call` is null: nothing was matched and nothing is said).
   */
  decide(input: BotInput): Answer | null;
}

/** What a bot is made of. */
export interface BotOptions {
  readonly knowledge: Knowledge;
  readonly matcher: Matcher;
  readonly identity: BotIdentity;
  /** Spoken where the customer's language is unknown. */
  readonly language: Language;
  /** Answers that one chat gets within 60 s; beyond, its messages are only recorded. */
  readonly floodPerMinute: number;
  /**
   * For /privacy: days after which raw objects are deleted; null where nothing deletes them (the
   * one-machine edition).
   */
  readonly rawRetentionDays: number | null;
  /** Where /report is obeyed; everywhere else it is an unknown command. */
  readonly ownerChat?: number | undefined;
  /** Milliseconds of a steady clock, `performance.now` if absent. */
  readonly clock?: () => number;
}

/** Topics offered when the bot is not sure. */
const MAX_SUGGESTIONS = 3;

/** Topics kept in the record. */
const MAX_CANDIDATES = 5;

/** Topics offered by /start and when the bot is called; /help lists them all. */
const TOP_TOPICS = 6;

/** Data of the button that lists all topics. */
const HELP_DATA = 'help';

/** Data of the buttons that ask for a topic, up to its id. */
const TOPIC_DATA = 'topic:';

interface Button {
  readonly text: string;
  readonly callback_data: string;
}

/** What is said, before it is addressed to a chat. */
interface Reply extends Pick<Answer, 'outcome' | 'intent'> {
  readonly text: string;
  readonly buttons: readonly (readonly Button[])[];
  /** What the matcher found; null where it was not asked. */
  readonly matches: readonly Match[] | null;
}

/** Buttons in rows. */
function inRows(buttons: readonly Button[], perRow: number): readonly (readonly Button[])[] {
  return buttons.flatMap((_, index) =>
    index % perRow === 0 ? [buttons.slice(index, index + perRow)] : [],
  );
}

/** The call that says a reply in the chat, topic and thread that the update came from. */
function toCall({ update, facts }: BotInput, chatId: number, reply: Reply): BotCall {
  const message = messageOf(update);
  return {
    method: 'sendMessage',
    chat_id: chatId,
    // Outside forums this id names a chain of replies, and sending to it fails.
    ...(message['is_topic_message'] === true &&
      facts.messageThreadId !== null && { message_thread_id: facts.messageThreadId }),
    text: reply.text,
    ...(facts.chat?.type !== 'private' &&
      facts.messageId !== null && {
        reply_parameters: { message_id: facts.messageId, allow_sending_without_reply: true },
      }),
    ...(reply.buttons.length > 0 && { reply_markup: { inline_keyboard: reply.buttons } }),
  };
}

/** Makes a bot. It keeps nothing but how much it has lately answered to each chat. */
export function createBot(options: BotOptions): Bot {
  const { knowledge, matcher, identity } = options;
  const clock = options.clock ?? (() => performance.now());
  const mayAnswer = createFloodGuard(options.floodPerMinute);

  const buttonOf = (topic: Topic, language: Language): Button => ({
    text: topic.title[language],
    callback_data: TOPIC_DATA + topic.id,
  });
  const helpButton = (language: Language): Button => ({
    text: TEXTS[language].allTopics,
    callback_data: HELP_DATA,
  });
  const menuOf = (language: Language, topics: readonly Topic[]) =>
    inRows(
      topics.map((topic) => buttonOf(topic, language)),
      2,
    );
  const topMenu = (language: Language) => [
    ...menuOf(language, knowledge.menu.slice(0, TOP_TOPICS)),
    [helpButton(language)],
  ];
  /** Ways out of a dead end: a person, and all that the bot knows. */
  const wayOut = (language: Language) => [
    ...(knowledge.contact ? [[buttonOf(knowledge.contact, language)]] : []),
    [helpButton(language)],
  ];

  const sayTopic = (topic: Topic, wanted: Language): Reply => {
    const language = topic.speech[wanted] ? wanted : wanted === 'pt' ? 'en' : 'pt';
    const followUps = topic.followUps.flatMap((id) => knowledge.topics.get(id) ?? []);
    return {
      outcome: 'answered',
      intent: topic.id,
      text: topic.speech[language]?.answer ?? topic.title[language],
      buttons: followUps.map((each) => [buttonOf(each, language)]),
      matches: null,
    };
  };

  const sayHelp = (language: Language): Reply => ({
    outcome: 'answered',
    intent: '/help',
    text: TEXTS[language].help,
    buttons: menuOf(language, knowledge.menu),
    matches: null,
  });

  const sayPrivacy = (language: Language, chatId: number): Reply => {
    const { privacyBefore, keptForDays, keptWithoutEnd, erasure } = TEXTS[language];
    const days = options.rawRetentionDays;
    const kept = days === null ? keptWithoutEnd : keptForDays(days);
    return {
      outcome: 'answered',
      intent: '/privacy',
      // The number of a private chat is the person's; in a group others would read it.
      text: [privacyBefore, kept, erasure(chatId > 0 ? chatId : null)].join('\n\n'),
      buttons: knowledge.contact ? [[buttonOf(knowledge.contact, language)]] : [],
      matches: null,
    };
  };

  const isOwners = (chatId: number): boolean => chatId === options.ownerChat;

  const obey = (command: string, language: Language, chatId: number): Reply => {
    if (isReportCommand(command) && isOwners(chatId)) {
      return {
        outcome: 'answered',
        intent: REPORT_INTENT,
        text: TEXTS[language].preparingReport,
        buttons: [],
        matches: null,
      };
    }
    switch (COMMANDS.find((known) => known === command)) {
      case 'start':
        return {
          outcome: 'answered',
          intent: '/start',
          text: knowledge.greeting
            ? sayTopic(knowledge.greeting, language).text
            : TEXTS[language].welcome,
          buttons: topMenu(language),
          matches: null,
        };
      case 'help':
        return sayHelp(language);
      case 'privacy':
        return sayPrivacy(language, chatId);
      case undefined:
        return {
          outcome: 'fallback',
          intent: null,
          text: TEXTS[language].unknownCommand,
          buttons: topMenu(language),
          matches: null,
        };
    }
  };

  const tapped = (data: string, language: Language): Reply => {
    if (data === HELP_DATA) return sayHelp(language);
    const topic = data.startsWith(TOPIC_DATA)
      ? knowledge.topics.get(data.slice(TOPIC_DATA.length))
      : undefined;
    if (topic) return sayTopic(topic, language);
    return {
      outcome: 'fallback',
      intent: null,
      text: TEXTS[language].goneButton,
      buttons: wayOut(language),
      matches: null,
    };
  };

  const reply = (question: string, language: Language): Reply => {
    if (question === '') {
      const { called } = TEXTS[language];
      return {
        outcome: 'none',
        intent: null,
        text: called,
        buttons: topMenu(language),
        matches: null,
      };
    }
    const matches = matcher.match(question, language);
    const [best] = matches;
    const topic = best && knowledge.topics.get(best.intent);
    if (topic && best.score >= matcher.sure) return { ...sayTopic(topic, best.language), matches };

    const offered = matches
      .filter(({ score }) => score >= matcher.possible)
      .flatMap(({ intent }) => knowledge.menu.find(({ id }) => id === intent) ?? [])
      .slice(0, MAX_SUGGESTIONS);
    const spoken = best && best.score >= matcher.possible ? best.language : language;
    const { suggest, fallback } = TEXTS[spoken];
    if (offered.length === 0) {
      return {
        outcome: 'fallback',
        intent: null,
        text: fallback,
        buttons: wayOut(spoken),
        matches,
      };
    }
    return {
      outcome: 'suggested',
      intent: null,
      text: suggest,
      buttons: [...offered.map((each) => [buttonOf(each, spoken)]), [helpButton(spoken)]],
      matches,
    };
  };

  const replyTo = (request: Request, language: Language, chatId: number): Reply => {
    switch (request.kind) {
      case 'command':
        return obey(request.command, language, chatId);
      case 'tap':
        return tapped(request.data, language);
      case 'media':
        return {
          outcome: 'none',
          intent: null,
          text: TEXTS[language].onlyText,
          buttons: [],
          matches: null,
        };
      case 'question':
        return reply(request.text, language);
    }
  };

  return {
    identity,
    decide: (input) => {
      const started = clock();
      const { facts, receivedAt } = input;
      const request = readRequest(input.update, facts, identity, options.ownerChat);
      if (request === null || facts.chat === null) return null;

      const record = (
        answer: Pick<Answer, 'call' | 'outcome' | 'intent'>,
        matches: readonly Match[] | null,
      ) => ({
        ...answer,
        score: matches && (matches[0]?.score ?? 0),
        candidates: (matches ?? [])
          .slice(0, MAX_CANDIDATES)
          .map(({ intent, score }) => ({ intent, score })),
        engine: matcher.engine,
        knowledge: knowledge.hash,
        ms: clock() - started,
      });
      if (!mayAnswer(facts.chat.id, receivedAt)) {
        return record({ call: null, outcome: 'none', intent: null }, null);
      }
      const language = chooseLanguage(facts.user?.languageCode ?? null, options.language);
      const said = replyTo(request, language, facts.chat.id);
      const { outcome, intent, matches } = said;
      return record({ call: toCall(input, facts.chat.id, said), outcome, intent }, matches);
    },
  };
}
