import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import type { Update } from '@grammyjs/types';
import { Hono } from 'hono';

import type { DayRun } from '../../functions/etl/dayRun.ts';
import { createBot } from '../bot/bot.ts';
import type { BotIdentity } from '../bot/identity.ts';
import { loadKnowledge } from '../bot/knowledge.ts';
import { createNgramMatcher } from '../bot/ngramMatcher.ts';
import type { Config } from '../config/config.ts';
import type { ChatSettings } from '../lake/chatGate.ts';
import { BotApi } from '../telegram/botApi.ts';
import type { LakeId, Status } from './api.ts';
import { ensureSample } from './ensureSample.ts';
import { answerErrors } from './http/apiErrors.ts';
import { apiRoutes } from './http/apiRoutes.ts';
import { onlyOwnHost } from './http/guards.ts';
import { listen, stopListening } from './http/listen.ts';
import { pageRoutes } from './http/pageRoutes.ts';
import { webhookRoute } from './http/webhookRoute.ts';
import { type LocalLake, openLocalLake } from './localLake.ts';
import { localReceiver, localWebhook } from './localWebhook.ts';
import { ownerReports } from './ownerReports.ts';
import { buildPage, pageBuildReason } from './pageBuild.ts';
import { BUILT_PAGE_FOLDER, KNOWLEDGE_FOLDER } from './paths.ts';
import { poll } from './polling.ts';
import { reasonOf } from './reasonOf.ts';
import type { Reporter } from './report.ts';
import { daysDue, everyDay, isRunDue } from './schedule.ts';
import { refusal } from './simulator/refusal.ts';
import { createSimulator } from './simulator/simulator.ts';

/** Who answers where there is no real bot. */
const SIMULATED_BOT: BotIdentity = { id: 990_000_000_000, username: 'folha_e_barro_bot' };

/** The webhooks of the two lakes. */
const WEBHOOK_PATHS: Readonly<Record<LakeId, string>> = {
  own: '/telegram',
  sample: '/sample/telegram',
};

const SECRET_HEADER = 'x-telegram-bot-api-secret-token';

/** What a server is started with. */
export interface ServerOptions {
  readonly config: Config;
  readonly folders: Readonly<Record<LakeId, string>>;
  /** Exactly this port; 0 is any free one. Without it, the default or the next that is free. */
  readonly port?: number;
  /** Makes the own lake a real bot's, by long polling. */
  readonly telegram?: { readonly token: string; readonly apiUrl?: string };
  readonly report: Reporter;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Folder of a built page; without it, the project's own, which is built where needed. */
  readonly pageFolder?: string;
  /** Milliseconds that polling waits between attempts. */
  readonly pollingPauseMs?: number;
}

/** A server that runs. */
export interface RunningServer {
  readonly url: string;
  /** Ends everything it began; what is being written is written to its end. */
  close(): Promise<void>;
}

/** Builds the page where that is needed, and says so. @returns its folder */
async function preparePage(report: Reporter): Promise<string> {
  const reason = await pageBuildReason();
  if (reason !== null) {
    report({ type: 'note', text: `Building the page (it is ${reason}) …` });
    await buildPage();
  }
  return BUILT_PAGE_FOLDER;
}

/**
 * Starts the one-machine edition: both lakes, the webhook and the page on 127.0.0.1, the daily run,
 * and a real bot where there is a token. The promise is kept once the page can be opened.
 *
 * @throws PageBuildError, KnowledgeError, LakeError, PortTakenError with what to do about it
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, folders, report, now, telegram } = options;
  // At once: what cannot be a token ends the start.
  const api = telegram && new BotApi({ token: telegram.token, baseUrl: telegram.apiUrl });
  const [knowledge, pageFolder] = await Promise.all([
    loadKnowledge(KNOWLEDGE_FOLDER),
    options.pageFolder ?? preparePage(report),
  ]);
  const matcher = createNgramMatcher(knowledge);
  const botFor = (identity: BotIdentity, ownerChat?: number) =>
    createBot({
      knowledge,
      matcher,
      identity,
      language: config.language,
      floodPerMinute: config.floodPerMinute,
      // Nothing deletes what lies in a folder.
      rawRetentionDays: null,
      ownerChat,
    });

  const open = (id: LakeId) => openLocalLake({ id, folder: folders[id], config, now });
  // First of all: a lake that this configuration cannot serve ends the start.
  const own = await open('own');
  const made = await ensureSample(folders.sample, {
    bot: botFor(SIMULATED_BOT),
    zone: config.zone,
    now: now(),
  });
  if (made) {
    const what = `${made.updates} invented updates on ${made.days} days`;
    const why = made.isFirst ? 'Made the sample lake' : 'Made the sample lake anew, to end today';
    report({ type: 'note', text: `${why}: ${what}, kept apart from yours.` });
  }
  const lakes: Readonly<Record<LakeId, LocalLake>> = { own, sample: await open('sample') };

  const tellClosed = (local: LocalLake, run: DayRun) => {
    report({
      type: 'closed',
      lake: local.id,
      at: now(),
      zone: local.lake.zone,
      day: run.day,
      stored: run.stored,
      rows: run.rows,
      duplicates: run.duplicates,
      rejected: run.rejected,
      parquetKey: run.bytes > 0 ? run.parquetKey : null,
    });
  };
  const closeDay = async (local: LocalLake, day: string) => {
    const run = await local.closeDay(day);
    tellClosed(local, run);
    return run;
  };

  const chatsOf = ({ id }: LocalLake): ChatSettings =>
    id === 'own' ? config : { chats: 'any', staffChats: [] };

  let url = '';
  let port = 0;
  const secret = randomBytes(32).toString('base64url');
  const simulatorFor = (local: LocalLake) =>
    createSimulator({
      records: local.records,
      bot: SIMULATED_BOT,
      now,
      post: async (update: Update) => {
        const response = await fetch(`${url}${WEBHOOK_PATHS[local.id]}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', [SECRET_HEADER]: secret },
          body: JSON.stringify(update),
        });
        // What the response asks for needs no doing: the conversation shows it from the raw object.
        const refused = refusal(await response.text());
        if (refused !== null) {
          report({
            type: 'problem',
            problem: `Telegram would refuse the bot's answer: ${refused}.`,
          });
        }
        return response.status;
      },
    });

  let botState: Status['bot'] = api
    ? { mode: 'problem', problem: 'Telegram has not answered yet.', remedy: 'Wait a moment.' }
    : { mode: 'simulator', username: SIMULATED_BOT.username };

  const stopping = new AbortController();
  const { signal } = stopping;
  const work = new Set<Promise<void>>();
  /** Does something beside the requests, and says so if it fails; `close` waits for it. */
  const inBackground = (what: string, doing: () => Promise<void>): Promise<void> => {
    const done = doing()
      .catch((error: unknown) => {
        if (signal.aborted) return;
        report({ type: 'problem', problem: `${what} failed: ${reasonOf(error)}` });
      })
      .finally(() => work.delete(done));
    work.add(done);
    return done;
  };

  const { ownerChat, digestHour } = config;
  const reports =
    ownerChat === undefined
      ? null
      : ownerReports({
          local: own,
          config,
          ownerChat,
          knowledge,
          api,
          username: () => (botState.mode === 'telegram' ? botState.username : null),
          folder: join(folders.own, 'reports'),
          report,
          now,
          signal,
          backoffMs: options.pollingPauseMs,
        });
  const onReportRequest = (key: string) => {
    if (reports) void inBackground('The report for the owner', () => reports.give(key));
  };

  const app = new Hono();
  app.onError(answerErrors(report));
  app.use(onlyOwnHost(() => port));
  for (const local of Object.values(lakes)) {
    const handler = localWebhook({
      local,
      bot: botFor(SIMULATED_BOT, local.id === 'own' ? ownerChat : undefined),
      source: 'simulator',
      chats: chatsOf(local),
      report,
      now,
      secret,
      onReportRequest,
    });
    app.route('/', webhookRoute(WEBHOOK_PATHS[local.id], handler, now));
  }
  app.route(
    '/api',
    apiRoutes({
      lakes,
      simulators: { own: simulatorFor(own), sample: simulatorFor(lakes.sample) },
      knowledge,
      matcher,
      language: config.language,
      hasRealBot: api !== undefined,
      bot: () => botState,
      closeDay,
      replay: async (local, what) => {
        const done = await local.replay({ ...what, chats: chatsOf(local) });
        for (const run of done.runs) tellClosed(local, run);
        return done;
      },
    }),
  );
  app.route('/', pageRoutes(pageFolder));

  const listening = await listen(app, options.port);
  port = listening.port;
  url = `http://127.0.0.1:${port}`;

  const closePastDays = (local: LocalLake) =>
    inBackground(`Closing past days of the ${local.id} lake`, async () => {
      for (const day of await daysDue(local.lake, now())) {
        if (signal.aborted) return;
        const run = await local.closeDay(day);
        if (run.status !== 'unchanged') tellClosed(local, run);
      }
    });

  report({ type: 'ready', url });
  let ownIsClosed = Promise.resolve();
  const close = (local: LocalLake) => {
    const closed = closePastDays(local);
    if (local.id === 'own') ownIsClosed = closed;
  };
  const schedules = Object.values(lakes).map((local) => {
    close(local);
    const { zone } = local.lake;
    return everyDay({ zone, hour: config.dailyRunHour, now }, () => {
      close(local);
    });
  });
  if (api && reports && digestHour !== undefined) {
    const sendDigest = () =>
      void inBackground('The digest', async () => {
        // It tells of yesterday, which is perhaps just being closed.
        await ownIsClosed;
        await reports.sendDigest();
      });
    const schedule = { zone: own.lake.zone, hour: digestHour, now };
    if (isRunDue(now(), null, schedule)) sendDigest();
    schedules.push(everyDay(schedule, sendDigest));
  }
  if (api) {
    void inBackground('Polling', () =>
      poll({
        api,
        receiver: (identity) =>
          localReceiver({
            local: own,
            bot: botFor(identity, ownerChat),
            source: 'telegram',
            chats: config,
            report,
            now,
            onReportRequest,
          }),
        onState: (state) => {
          botState = state;
        },
        report,
        signal,
        ...(options.pollingPauseMs !== undefined && { pauseMs: options.pollingPauseMs }),
      }),
    );
  }

  return {
    url,
    async close() {
      stopping.abort();
      for (const stop of schedules) stop();
      // Pages keep a stream of events open, which would never end by itself.
      for (const local of Object.values(lakes)) local.events.end();
      await stopListening(listening.server);
      await Promise.all(work);
      for (const local of Object.values(lakes)) local.close();
    },
  };
}
