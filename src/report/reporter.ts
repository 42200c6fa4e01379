import type { Engine } from '../analytics/engine.ts';
import { chooseLanguage } from '../bot/language.ts';
import { formatFullDay } from '../charts/format.ts';
import { CHART_WORDS } from '../charts/words.ts';
import type { Language } from '../config/config.ts';
import type { Day } from '../lake/days.ts';
import { addToDay } from '../lake/days.ts';
import { digestMarkerKey, reportMarkerKey } from '../lake/keys.ts';
import type { ObjectStore } from '../lake/objectStore.ts';
import { readReportRequest } from '../lake/reportRequest.ts';
import type { BotApi } from '../telegram/botApi.ts';
import { deliverOnce, forgetDelivery } from './deliverOnce.ts';
import { digestText } from './digest.ts';
import { DIGEST_WORDS } from './digestWords.ts';
import { type Report, makeReport, usualPeriod } from './report.ts';
import type { TopicTitle } from './topicTitles.ts';

/** Days of the report that comes with a digest: this week beside two others. Athena lists S3 for each. */
const DIGEST_REPORT_DAYS = 21;

/** Somebody else than the owner's chat is named in a wish for a report: it is given to nobody. */
export class NotTheOwnerError extends Error {
  override readonly name = 'NotTheOwnerError';
}

/** What sends digests and reports, wherever it runs. */
export interface ReporterParts {
  readonly engine: Engine;
  /** The raw layer: wishes and markers lie there. */
  readonly raw: ObjectStore;
  readonly zone: string;
  readonly language: Language;
  /** Whose reports these are: the bot's name, or the project's. */
  readonly subject: string;
  readonly ownerChat: number;
  readonly topicTitle: (intent: string) => TopicTitle | null;
  /** Asked for when something is sent, not before. */
  readonly api: () => Promise<Pick<BotApi, 'sendDocument'>>;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Keeps a report that is about to be sent. */
  readonly keep?: (report: Report) => Promise<void>;
  readonly signal?: AbortSignal;
  /** First wait before a call is tried again, milliseconds. */
  readonly backoffMs?: number;
  readonly onRetry?: (error: Error, waitMs: number) => void;
}

/** A message with a report attached. */
interface Message {
  readonly caption: string;
  readonly report: Report;
}

/** What became of a wish or a digest. */
export interface Sent {
  /** Whether it was sent before, and not now. */
  readonly isRepeated: boolean;
  /** What was sent; null when nothing was. */
  readonly report: Report | null;
}

/** Sends digests and reports to the owner's chat, each once. */
export interface Reporter {
  /**
   * Sends a day's digest with the report of the days up to it.
   *
   * @param run tells this run from others; the same when it is tried again
   * @param again sends it whatever its marker says
   * @throws as `deliverOnce`
   */
  readonly sendDigest: (
    day: Day,
    run: string,
    options?: { readonly again?: boolean },
  ) => Promise<Sent>;
  /**
   * Sends the report that an update wished for.
   *
   * @param key of the wish
   * @throws NotTheOwnerError; as `deliverOnce`
   */
  readonly sendReport: (key: string, run: string) => Promise<Sent>;
}

/** The message with a day's digest: what is sent, or shown instead. */
export async function makeDigest(
  parts: Pick<
    ReporterParts,
    'engine' | 'language' | 'now' | 'signal' | 'subject' | 'topicTitle' | 'zone'
  >,
  day: Day,
): Promise<Message> {
  const period = { from: addToDay(day, 1 - DIGEST_REPORT_DAYS), to: day };
  const now = parts.now();
  const caption = await digestText({ ...parts, day });
  return { caption, report: await makeReport({ ...parts, period, now }) };
}

/** Makes a reporter. */
export function createReporter(parts: ReporterParts): Reporter {
  const { raw, ownerChat, api, keep, now } = parts;

  const deliver = async (
    what: string,
    key: string,
    run: string,
    prepare: () => Promise<Message>,
    messageThreadId?: number,
  ): Promise<Sent> => {
    const sent = await deliverOnce({
      store: raw,
      key,
      what,
      run,
      now,
      prepare: async () => {
        const message = await prepare();
        await keep?.(message.report);
        return { ...message, api: await api() };
      },
      send: ({ caption, report, api: bot }) =>
        bot.sendDocument(
          {
            chatId: ownerChat,
            caption,
            fileName: report.fileName,
            type: 'text/html',
            content: Buffer.from(report.html),
            messageThreadId,
          },
          { signal: parts.signal },
        ),
      ...(parts.signal && { signal: parts.signal }),
      ...(parts.backoffMs !== undefined && { backoffMs: parts.backoffMs }),
      ...(parts.onRetry && { onRetry: parts.onRetry }),
    });
    return { isRepeated: sent === null, report: sent?.report ?? null };
  };

  return {
    async sendDigest(day, run, { again = false } = {}) {
      const key = digestMarkerKey(day);
      if (again) await forgetDelivery(raw, key);
      return deliver(`the digest of ${day}`, key, run, () => makeDigest(parts, day));
    },
    async sendReport(key, run) {
      const wish = await readReportRequest(raw, key);
      if (wish.chat_id !== ownerChat) {
        throw new NotTheOwnerError(
          `${key} asks for a report in chat ${wish.chat_id}, which is not the owner's; nothing is sent.`,
        );
      }
      const language = chooseLanguage(wish.language_code, parts.language);
      return deliver(
        `the report that update ${wish.update_id} asked for`,
        reportMarkerKey(wish.update_id),
        run,
        async () => {
          const period = usualPeriod(now(), parts.zone);
          const report = await makeReport({ ...parts, language, period, now: now() });
          return { caption: reportCaption(report, language), report };
        },
        wish.message_thread_id ?? undefined,
      );
    },
  };
}

function reportCaption({ period, isEmpty }: Report, language: Language): string {
  const words = DIGEST_WORDS[language];
  const { locale } = CHART_WORDS[language];
  const said = words.report(formatFullDay(period.from, locale), formatFullDay(period.to, locale));
  return isEmpty ? `${said}\n${words.emptyReport}` : said;
}
