import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Knowledge } from '../bot/knowledge.ts';
import type { Config } from '../config/config.ts';
import { dayOf, previousDay } from '../lake/days.ts';
import { DeliveryUncertainError } from '../report/deliverOnce.ts';
import { makeReport, usualPeriod } from '../report/report.ts';
import { type Reporter as ReportSender, createReporter } from '../report/reporter.ts';
import { titleFinder, topicTitles } from '../report/topicTitles.ts';
import type { BotApi } from '../telegram/botApi.ts';
import type { LocalLake } from './localLake.ts';
import { reasonOf } from './reasonOf.ts';
import type { Reporter } from './report.ts';

/** Minutes before a digest that failed for good is tried again: three times. */
const AGAIN_AFTER_MINUTES: readonly number[] = [1, 5, 15];

/** What the owner's reports need. */
export interface OwnerReportsParts {
  readonly local: LocalLake;
  readonly config: Config;
  readonly ownerChat: number;
  readonly knowledge: Knowledge;
  /** The real bot; without one, reports are written into `folder`. */
  readonly api: BotApi | undefined;
  /** The bot's name, once it is known. */
  readonly username: () => string | null;
  /** Where reports lie that nobody can be sent. */
  readonly folder: string;
  readonly report: Reporter;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** First wait before a call is tried again, milliseconds. */
  readonly backoffMs?: number | undefined;
}

/** What the owner is told, from a lake on this machine. */
export interface OwnerReports {
  /** Gives the report that an update wished for: sends it, or writes it where there is no bot. */
  readonly give: (requestKey: string) => Promise<void>;
  /** Sends yesterday's digest, unless it was sent before; does nothing without a real bot. */
  readonly sendDigest: () => Promise<void>;
}

/** Makes what tells the owner. */
export function ownerReports(parts: OwnerReportsParts): OwnerReports {
  const { local, config, ownerChat, knowledge, api, folder, report, now, signal } = parts;
  const { zone } = local.lake;
  const run = randomUUID();
  const common = () => ({
    engine: local.analytics,
    zone,
    language: config.language,
    subject: subject(parts.username() ?? config.bot?.username, config),
    topicTitle: titleFinder(topicTitles(knowledge)),
    now,
    signal,
  });
  const sender = (bot: BotApi): ReportSender =>
    createReporter({
      ...common(),
      raw: local.lake.raw,
      ownerChat,
      api: () => Promise.resolve(bot),
      ...(parts.backoffMs !== undefined && { backoffMs: parts.backoffMs }),
      onRetry: (error) => {
        report({ type: 'note', text: `The owner's report is sent again: ${error.message}` });
      },
    });

  const write = async () => {
    const made = await makeReport({ ...common(), period: usualPeriod(now(), zone), now: now() });
    await mkdir(folder, { recursive: true });
    const file = join(folder, made.fileName);
    await writeFile(file, made.html);
    report({ type: 'note', text: `The report, which a real bot would send: ${file}` });
  };

  return {
    async give(requestKey) {
      if (api === undefined) {
        await write();
        return;
      }
      await sender(api).sendReport(requestKey, run);
      report({ type: 'note', text: 'The report was sent to the owner.' });
    },
    async sendDigest() {
      if (api === undefined) return;
      const day = previousDay(dayOf(now(), zone));
      for (const minutes of [...AGAIN_AFTER_MINUTES, null]) {
        try {
          const { isRepeated } = await sender(api).sendDigest(day, run);
          if (!isRepeated) report({ type: 'note', text: `The digest of ${day} was sent.` });
          return;
        } catch (error) {
          signal.throwIfAborted();
          if (minutes === null || error instanceof DeliveryUncertainError) throw error;
          report({
            type: 'problem',
            problem: `The digest of ${day} was not sent: ${reasonOf(error)}`,
            remedy: `It is tried again in ${minutes} min.`,
          });
          await sleep(minutes * 60_000, undefined, { signal });
        }
      }
    },
  };
}

function subject(username: string | undefined, { project }: Config): string {
  return username === undefined ? project : `@${username}`;
}
