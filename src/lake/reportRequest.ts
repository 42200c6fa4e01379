import * as z from 'zod';

import type { UpdateFacts } from '../telegram/facts.ts';
import { reportRequestKey } from './keys.ts';
import { type ObjectStore, PreconditionFailedError, readText } from './objectStore.ts';

const requestSchema = z.object({
  v: z.literal(1),
  update_id: z.int(),
  /** Where it was asked for. */
  chat_id: z.int(),
  /** Topic of a forum; null outside of them. */
  message_thread_id: z.int().nullable(),
  /** Language of the app of whoever asked, as Telegram sends it; null when unknown. */
  language_code: z.string().nullable(),
  /** ISO 8601, UTC. */
  requested_at: z.iso.datetime(),
});

/** A wish for a report: an object under `state/reports/` in the raw store. */
export type ReportRequestRecord = Readonly<z.infer<typeof requestSchema>>;

/**
 * Writes down that an update asked for a report, once per update.
 *
 * @param from.threadId of a forum, where the answer goes
 * @param from.at Unix milliseconds
 * @returns its key; null when it was written down before
 * @throws UnavailableError when it could not be written: the update must then be sent again
 */
export async function requestReport(
  raw: ObjectStore,
  from: { readonly facts: UpdateFacts; readonly threadId: number | null; readonly at: number },
): Promise<string | null> {
  const { facts, threadId, at } = from;
  if (facts.chat === null) return null;
  const record: ReportRequestRecord = {
    v: 1,
    update_id: facts.updateId,
    chat_id: facts.chat.id,
    message_thread_id: threadId,
    language_code: facts.user?.languageCode ?? null,
    requested_at: new Date(at).toISOString(),
  };
  const key = reportRequestKey(facts.updateId);
  try {
    await raw.put(key, Buffer.from(JSON.stringify(record)), { ifNoneMatch: '*' });
    return key;
  } catch (error) {
    if (error instanceof PreconditionFailedError) return null;
    throw error;
  }
}

/** Reads a wish for a report. @throws NotFoundError; ZodError when it is none */
export async function readReportRequest(
  raw: ObjectStore,
  key: string,
): Promise<ReportRequestRecord> {
  return requestSchema.parse(JSON.parse(await readText(raw, key)));
}
