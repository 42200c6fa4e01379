import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { streamSSE } from 'hono/streaming';
import * as z from 'zod';

import type { Period } from '../../analytics/analyses.ts';
import type { Knowledge } from '../../bot/knowledge.ts';
import type { Matcher } from '../../bot/matcher.ts';
import type { Language } from '../../config/config.ts';
import { addToDay, parseDay } from '../../lake/days.ts';
import { NotFoundError } from '../../lake/objectStore.ts';
import type {
  ActionResult,
  AnalysisList,
  AnalysisResult,
  ChatList,
  CloseResult,
  Conversation,
  LakeEvent,
  LakeId,
  RecordDetails,
  Status,
  Summary,
} from '../api.ts';
import { type ChatRules, findSimulatedChat, listChats } from '../chats.ts';
import { COMMAND_DESCRIPTIONS } from '../commandDescriptions.ts';
import { conversation } from '../conversation.ts';
import type { LocalLake } from '../localLake.ts';
import { recordDetails } from '../recordDetails.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { onlySameOrigin } from './guards.ts';

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
}

/** Entries that a conversation shows. */
const MAX_ENTRIES = 200;

/** Actions are short; a message has 4096 characters at most. */
const MAX_BODY = 64 * 1024;

/** A line now and then keeps proxies and browsers from closing a silent stream, milliseconds. */
const HEARTBEAT_MS = 25_000;

const lakeId = z.enum(['own', 'sample']);
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

/** Days that the tiles speak of when nobody names them: the analyses' own. */
const DEFAULT_DAYS = 90;

function periodOf(query: Readonly<Record<string, string>>): Period | undefined {
  const { from, to } = z
    .object({ from: z.string().optional(), to: z.string().optional() })
    .refine((days) => (days.from === undefined) === (days.to === undefined), {
      error: 'from and to go together',
    })
    .parse(query);
  if (from === undefined || to === undefined) return undefined;
  return { from: parseDay(from), to: parseDay(to) };
}

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

  app.get('/analyses', (context) =>
    context.json<AnalysisList>({
      analyses: lakes.own.analytics.analyses.map(
        ({ name, title, question, columns, chart, sql }) => ({
          ...{ name, title, question, columns, chart, sql },
        }),
      ),
    }),
  );

  app.get('/lakes/:lake/analyses/:name', async (context) => {
    const { analytics } = lakeOf(context.req.param('lake'));
    const { columns, rows, ms } = await analytics.runAnalysis(
      context.req.param('name'),
      periodOf(context.req.query()),
      { signal: context.req.raw.signal },
    );
    return context.json<AnalysisResult>({ columns, rows, ms });
  });

  app.get('/lakes/:lake/summary', async (context) => {
    const lake = lakeOf(context.req.param('lake'));
    const to = lake.today();
    const period = periodOf(context.req.query()) ?? { from: addToDay(to, 1 - DEFAULT_DAYS), to };
    const { signal } = context.req.raw;
    return context.json<Summary>(await lake.analytics.summary(period, { signal }));
  });

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
