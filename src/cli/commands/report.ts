import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { openAnalytics } from '../../analytics/duckdb.ts';
import type { Engine } from '../../analytics/engine.ts';
import type { Period } from '../../analytics/scope.ts';
import { loadKnowledge } from '../../bot/knowledge.ts';
import type { Config, Language } from '../../config/config.ts';
import { parseDay } from '../../lake/days.ts';
import { KNOWLEDGE_FOLDER, SQL_FOLDER } from '../../local/paths.ts';
import { checkReportPeriod } from '../../report/collect.ts';
import { type Report, makeReport, usualPeriod } from '../../report/report.ts';
import { titleFinder, topicTitles } from '../../report/topicTitles.ts';
import { checkTarget } from '../checkTarget.ts';
import {
  type CommandContext,
  type CommonOptions,
  enrichedFolder,
  openCommandLake,
} from '../context.ts';
import { PartialFailure, UsageError } from '../errors.ts';

export interface ReportOptions extends CommonOptions {
  readonly from?: string;
  readonly to?: string;
  readonly on: 'athena' | 'local';
  readonly chats?: readonly number[];
  readonly lang?: Language;
  readonly output?: string;
}

/** Minutes that a result of Athena may be old: over days that are closed it does not change. */
const REUSE_MINUTES = 60;

/** Whose report it is. */
export function subjectOf({ bot, project }: Config): string {
  return bot ? `@${bot.username}` : project;
}

/** The engine that a command asks. @throws UsageError when the sample is looked for on AWS */
export async function openEngine(
  context: CommandContext,
  { on, lake }: Pick<ReportOptions, 'lake' | 'on'>,
): Promise<Engine> {
  if (on === 'athena') {
    if (lake === 'sample') {
      throw new UsageError('The sample lake is only on this machine: leave out --on athena.');
    }
    // AWS's client takes a while to load, and a report on this machine does not need it.
    const { openAthena } = await import('../openAthena.ts');
    return openAthena(context.config, REUSE_MINUTES);
  }
  await openCommandLake(context, lake);
  return openAnalytics({ enrichedFolder: enrichedFolder(context, lake), sqlFolder: SQL_FOLDER });
}

function periodOf({ from, to }: ReportOptions, { now, config }: CommandContext): Period {
  if (from === undefined && to === undefined) return usualPeriod(now(), config.zone);
  if (from === undefined || to === undefined) {
    throw new UsageError('A period has two ends: name --from and --to.');
  }
  return { from: parseDay(from), to: parseDay(to) };
}

/** What a report says of itself in a line each. */
function notesOf({ period, isEmpty, lastClosed }: Report): string[] {
  if (isEmpty) {
    return [
      `Nothing is in the table from ${period.from} to ${period.to}; the report says so. ` +
        `To close these days: chatbot etl --from ${period.from} --to ${period.to}`,
    ];
  }
  if (lastClosed === null || lastClosed >= period.to) return [];
  return [`The last day in the table is ${lastClosed}: later ones are not counted yet.`];
}

/** `chatbot report`: the analyses of a period as one HTML file. */
export async function report(context: CommandContext, options: ReportOptions): Promise<void> {
  const { config, output, signal, now } = context;
  const period = periodOf(options, context);
  checkReportPeriod(period, { now: now(), zone: config.zone });
  if (options.output !== undefined && options.output !== '-') await checkTarget(options.output);
  const engine = await openEngine(context, options);
  try {
    const knowledge = await loadKnowledge(KNOWLEDGE_FOLDER);
    const made = await makeReport({
      engine,
      period,
      zone: config.zone,
      now: now(),
      language: options.lang ?? config.language,
      subject: subjectOf(config),
      topicTitle: titleFinder(topicTitles(knowledge)),
      ...(options.chats && { chats: options.chats }),
      signal,
      onProgress: (done, total) => {
        output.progress(`${done} of ${total} analyses`);
      },
    });
    const bytes = Buffer.from(made.html);
    if (options.output === '-') output.write(bytes);
    else {
      const file = options.output ?? made.fileName;
      await writeFile(file, bytes);
      if (options.json) {
        const { isEmpty, lastClosed, failures } = made;
        const about = { file: resolve(file), bytes: bytes.length, period, isEmpty, lastClosed };
        output.print(JSON.stringify({ ...about, failures }));
      } else output.print(`${file}: ${(bytes.length / 1000).toFixed(0)} kB`);
    }
    for (const note of notesOf(made)) output.note(note);
    for (const { name, reason } of made.failures) output.note(`${name}: ${reason}`);
    if (made.failures.length > 0) {
      throw new PartialFailure(
        `${made.failures.length} analyses could not be asked; the report says so in their places.`,
      );
    }
  } finally {
    engine.close();
  }
}
