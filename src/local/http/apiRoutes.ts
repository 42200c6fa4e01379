import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { streamSSE } from 'hono/streaming';
import * as z from 'zod';

import type { Knowledge } from '../../bot/knowledge.ts';
import type { Matcher } from '../../bot/matcher.ts';
import type { Language } from '../../config/config.ts';
import { parseDay } from '../../lake/days.ts';
import { NotFoundError } from '../../lake/objectStore.ts';
import type {
  ActionResult,
  ChatList,
  CloseResult,
  Conversation,
  ConversationAround,
  FoundRecord,
  LakeEvent,
  LakeId,
  RecordDetails,
  Status,
} from '../api.ts';
import { type ChatRules, findSimulatedChat, listChats } from '../chats.ts';
import { COMMAND_DESCRIPTIONS } from '../commandDescriptions.ts';
import { conversation } from '../conversation.ts';
import { conversationAround } from '../conversationAround.ts';
import { findRecord, updateAt } from '../findRecords.ts';
import type { LocalLake } from '../localLake.ts';
import { recordDetails } from '../recordDetails.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { analysesRoutes } from './analysesRoutes.ts';
import { consoleRoutes } from './consoleRoutes.ts';
import { onlySameOrigin } from './guards.ts';
import { type LakeParts, lakeRoutes } from './lakeRoutes.ts';

/** What the API is made of. */
export interface ApiParts {
  readonly lakes: Readonly<Record<LakeId, LocalLake>>;
  readonly simulators: Readonly<Record<LakeId, Simulator>>;
  readonly knowledge: Knowledge;
  readonly matcher: Matcher;
  readonly language: Language;
  /** Whether the own lake is a real bot's. */
  readonly hasRealBot: boolean;
  readonly bot: () => Status['bot'];
  /** Closes a day and tells the terminal. */
  readonly closeDay: (lake: LocalLake, day: string) => Promise<CloseResult>;
  /** Brings back what was rejected and tells the terminal of the days that were run for it. */
  readonly replay: LakeParts['replay'];
}

/** Entries that a conversation shows. */
const MAX_ENTRIES = 200;

/** Updates shown on each side of an old one at most. */
const MAX_AROUND = 1000;

/** Actions are short; a message has 4096 characters at most. */
const MAX_BODY = 64 * 1024;

/** A line now and then keeps proxies and browsers from closing a silent stream, milliseconds. */
const HEARTBEAT_MS = 25_000;

const lakeId = z.enum(['own', 'sample']);
const chatNumber = z.coerce.number().int();
const text = z.string().trim().min(1).max(4096);
const caption = z.string().trim().min(1).max(1024);
const emoji = z.string().min(1).max(32);
const who = { personId: z.int() };

const actionSchema = z.discriminatedUnion('type', [
  z.strictObject({
    ...who,
    type: z.literal('text'),
    text,
    replyToMessageId: z.int().exactOptional(),
  }),
  z.strictObject({ ...who, type: z.literal('photo'), caption: caption.exactOptional() }),
  z.strictObject({ ...who, type: z.literal('sticker'), emoji }),
  z.strictObject({ ...who, type: z.literal('edit'), messageId: z.int(), text }),
  z.strictObject({
    ...who,
    type: z.literal('tap'),
    messageId: z.int(),
    data: z.string().min(1).max(64),
  }),
  z.strictObject({ ...who, type: z.literal('react'), messageId: z.int(), emoji }),
  z.strictObject({ ...who, type: z.literal('join') }),
  z.strictObject({ ...who, type: z.literal('leave') }),
]);

const closeSchema = z.strictObject({ day: z.string().exactOptional() });

const refSchema = z.object({
  key: z.string().min(1),
  line: z.coerce.number().int().min(0).default(0),
});

const aroundSchema = refSchema.extend({
  before: z.coerce
    .number()
    .int()
    .min(0)
    .max(MAX_AROUND)
    .default(MAX_ENTRIES / 2),
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(MAX_AROUND)
    .default(MAX_ENTRIES / 2),
});

const findSchema = z
  .object({
    day: z.string(),
    update: z.coerce.number().int().min(0).optional(),
    time: z.iso.datetime({ local: true }).optional(),
  })
  .refine(({ update, time }) => (update === undefined) !== (time === undefined), {
    error: 'name either the update or its time',
  });

/** The API of `api.ts`, to be mounted at `/api`. */
export function apiRoutes(parts: ApiParts): Hono {
  const { lakes, simulators, knowledge, matcher, hasRealBot } = parts;
  const app = new Hono();
  app.use(onlySameOrigin);
  app.use(async (context, next) => {
    await next();
    context.header('cache-control', 'no-store');
  });

  const lakeOf = (id: string): LocalLake => lakes[lakeId.parse(id)];
  const rulesOf = (lake: LocalLake): ChatRules => ({ lake: lake.id, hasRealBot });

  app.get('/status', (context) =>
    context.json<Status>({
      language: parts.language,
      lakes: { own: lakes.own.status(), sample: lakes.sample.status() },
      bot: parts.bot(),
      commands: COMMAND_DESCRIPTIONS,
      matcher: { engine: matcher.engine, sure: matcher.sure, possible: matcher.possible },
    }),
  );

  app.get('/lakes/:lake/chats', (context) => {
    const lake = lakeOf(context.req.param('lake'));
    return context.json<ChatList>({ chats: listChats(lake.records, rulesOf(lake)) });
  });

  app.get('/lakes/:lake/chats/:chat/entries', (context) => {
    const lake = lakeOf(context.req.param('lake'));
    const records = lake.records.ofChat(Number(context.req.param('chat')));
    return context.json<Conversation>({ entries: conversation(records).slice(-MAX_ENTRIES) });
  });

  app.get('/lakes/:lake/chats/:chat/around', async (context) => {
    const lake = lakeOf(context.req.param('lake'));
    const { before, after, ...ref } = aroundSchema.parse(context.req.query());
    const chatId = chatNumber.parse(context.req.param('chat'));
    return context.json<ConversationAround>(
      await conversationAround(lake, chatId, ref, { before, after }, rulesOf(lake)),
    );
  });

  app.get('/lakes/:lake/chats/:chat/find', async (context) => {
    const lake = lakeOf(context.req.param('lake'));
    const { day, update, time } = findSchema.parse(context.req.query());
    const chatId = chatNumber.parse(context.req.param('chat'));
    const number = update ?? (await updateAt(lake, chatId, parseDay(day), time ?? ''));
    const { ref } = await findRecord(lake, chatId, day, number);
    return context.json<FoundRecord>({ record: ref });
  });

  app.post(
    '/lakes/:lake/chats/:chat/actions',
    bodyLimit({ maxSize: MAX_BODY }),
    async (context) => {
      const lake = lakeOf(context.req.param('lake'));
      const action = actionSchema.parse(await context.req.json());
      const chatId = Number(context.req.param('chat'));
      const chat = findSimulatedChat(lake.records, chatId, rulesOf(lake));
      if (!chat) throw new NotFoundError(`chat ${context.req.param('chat')} to write in`);
      return context.json<ActionResult>(await simulators[lake.id].act(chat, action));
    },
  );

  app.get('/lakes/:lake/record', async (context) => {
    const ref = refSchema.parse(context.req.query());
    const lake = lakeOf(context.req.param('lake'));
    return context.json<RecordDetails>(await recordDetails(lake, knowledge, ref));
  });

  app.route('/', analysesRoutes({ lakeOf, analyses: lakes.own.analytics.analyses, knowledge }));
  app.route('/', consoleRoutes({ lakeOf }));
  app.route('/', lakeRoutes({ lakes, lakeOf, replay: parts.replay }));

  app.post('/lakes/:lake/close', bodyLimit({ maxSize: MAX_BODY }), async (context) => {
    const lake = lakeOf(context.req.param('lake'));
    const body = await context.req.text();
    const { day } = closeSchema.parse(body === '' ? {} : JSON.parse(body));
    const wanted = day === undefined ? lake.today() : parseDay(day);
    return context.json<CloseResult>(await parts.closeDay(lake, wanted));
  });

  app.get('/lakes/:lake/events', (context) => {
    const { events } = lakeOf(context.req.param('lake'));
    return streamSSE(context, async (stream) => {
      const send = (event: LakeEvent) => void stream.writeSSE({ data: JSON.stringify(event) });
      const heartbeat = setInterval(() => void stream.write(': still here\n\n'), HEARTBEAT_MS);
      await new Promise<void>((resolve) => {
        const unsubscribe = events.subscribe(send, resolve);
        stream.onAbort(() => {
          unsubscribe();
          resolve();
        });
        void stream.write(': hello\n\n');
      });
      clearInterval(heartbeat);
    });
  });

  app.all('*', (context) => {
    throw new NotFoundError(context.req.path);
  });
  return app;
}
