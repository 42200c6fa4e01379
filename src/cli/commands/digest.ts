import { writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';

import { loadKnowledge } from '../../bot/knowledge.ts';
import type { Language } from '../../config/config.ts';
import { DayError, dayOf, parseDay, previousDay } from '../../lake/days.ts';
import { KNOWLEDGE_FOLDER } from '../../local/paths.ts';
import { createReporter, makeDigest } from '../../report/reporter.ts';
import { titleFinder, topicTitles } from '../../report/topicTitles.ts';
import { BotApi } from '../../telegram/botApi.ts';
import { checkTarget } from '../checkTarget.ts';
import { type CommandContext, type CommonOptions, openCommandLake } from '../context.ts';
import { UsageError } from '../errors.ts';
import { openEngine, subjectOf } from './report.ts';

export interface DigestOptions extends CommonOptions {
  readonly date?: string;
  readonly on: 'athena' | 'local';
  readonly dryRun?: boolean;
  readonly again?: boolean;
  readonly lang?: Language;
  readonly output?: string;
}

/** @throws DayError when the day is none, or not over yet */
function dayToTell({ date }: DigestOptions, { now, config }: CommandContext): string {
  const today = dayOf(now(), config.zone);
  if (date === undefined) return previousDay(today);
  if (parseDay(date) >= today) {
    throw new DayError(`${date} is not over yet: today is ${today} in ${config.zone}.`);
  }
  return date;
}

/** What sends it. @throws UsageError when something is missing */
function sending({ config, environment }: CommandContext, { on, lake }: DigestOptions) {
  const { ownerChat } = config;
  const { botToken, telegramApi } = environment;
  if (on === 'athena') {
    throw new UsageError(
      'On AWS the function "report" sends digests (docs/report.md says how to have one sent again). To see one here: --dry-run.',
    );
  }
  if (lake !== 'own')
    throw new UsageError('Only digests of your own lake are sent; add --dry-run.');
  if (ownerChat === undefined) {
    throw new UsageError(
      'Nobody is named to send it to: set ownerChat (CHATBOT_OWNER_CHAT), or add --dry-run.',
    );
  }
  if (botToken === null) {
    throw new UsageError('There is no bot to send it: set TELEGRAM_BOT_TOKEN, or add --dry-run.');
  }
  const api = new BotApi({ token: botToken, baseUrl: telegramApi ?? undefined });
  return { ownerChat, api };
}

/** `chatbot digest`: sends the owner a day's digest, or shows it. */
export async function digest(context: CommandContext, options: DigestOptions): Promise<void> {
  const { config, output, signal, now } = context;
  const day = dayToTell(options, context);
  const to = options.dryRun ? null : sending(context, options);
  if (options.output !== undefined) await checkTarget(options.output);
  const engine = await openEngine(context, options);
  try {
    const common = {
      engine,
      zone: config.zone,
      language: options.lang ?? config.language,
      subject: subjectOf(config),
      topicTitle: titleFinder(topicTitles(await loadKnowledge(KNOWLEDGE_FOLDER))),
      now,
      signal,
    };
    if (to === null) {
      const { caption, report } = await makeDigest(common, day);
      if (options.output !== undefined) await writeFile(options.output, report.html);
      output.print(
        options.json ? JSON.stringify({ day, text: caption, isEmpty: report.isEmpty }) : caption,
      );
      return;
    }
    const { raw } = await openCommandLake(context, options.lake);
    const { ownerChat, api } = to;
    const { isRepeated } = await createReporter({
      ...common,
      raw,
      ownerChat,
      api: () => Promise.resolve(api),
      onRetry: ({ message }, waitMs) => {
        output.note(`${message}; again in ${Math.ceil(waitMs / 1000)} s.`);
      },
    }).sendDigest(day, randomUUID(), { again: options.again === true });
    if (options.json) output.print(JSON.stringify({ day, sent: !isRepeated }));
    else if (isRepeated) {
      output.print(`The digest of ${day} was sent before; to send it again: --again`);
    } else output.print(`The digest of ${day} was sent to chat ${ownerChat}.`);
  } finally {
    engine.close();
  }
}
