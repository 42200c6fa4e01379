import { isUtf8 } from 'node:buffer';
import { Readable, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

import * as z from 'zod';

import type { UpdateFacts } from '../telegram/facts.ts';
import { NotAnUpdateError, asUpdate } from '../telegram/parseUpdate.ts';
import type { RawUpdate } from '../telegram/updateFacts.ts';
import type { Answer, Source } from './envelope.ts';
import type { ObjectInfo, ObjectStore } from './objectStore.ts';

/** One record of a raw object, as it lies there. */
export interface RawLine {
  /** 0-based line of an NDJSON object; 0 for single objects. */
  readonly line: number;
  readonly bytes: Uint8Array;
  /** The bytes as UTF-8, without byte order mark. */
  readonly json: string;
}

/** An update of the raw layer, whichever way it was stored. */
export interface RawRecord {
  readonly update: RawUpdate;
  readonly facts: UpdateFacts;
  readonly source: Source;
  /** Unix milliseconds. */
  readonly receivedAt: number;
  readonly answer: Answer | null;
}

/** A record with how it lay there. */
export interface ParsedRecord extends RawRecord {
  /** Whether it was an update without an envelope, as the course's pipelines stored it. */
  readonly isBare: boolean;
}

/** A raw object, or a line of one, that cannot be read; `reason` says why, for people. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
  readonly reason: string;

  constructor(reason: string, options?: ErrorOptions) {
    super(`This cannot be read: ${reason}.`, options);
    this.reason = reason;
  }
}

const NEW_LINE = 0x0a;

/** The lines of a stream, cut at the bytes: one emoji would make a whole block a two-byte string. */
async function* splitLines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array[] = [];
  for await (const chunk of stream) {
    let start = 0;
    for (
      let end = chunk.indexOf(NEW_LINE);
      end !== -1;
      start = end + 1, end = chunk.indexOf(NEW_LINE, start)
    ) {
      const piece = chunk.subarray(start, end);
      yield rest.length === 0 ? piece : Buffer.concat([...rest, piece]);
      rest = [];
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

async function* whole(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  yield Buffer.concat(chunks);
}

/** Unpacks what is packed with gzip; what cannot be is an error of `isZlibError`. */
export function gunzip(stream: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  // The error reaches whoever reads; the callback is there because pipeline demands one.
  return pipeline(Readable.from(stream), createGunzip(), () => undefined);
}

/** `true` for what zlib throws, as against the store. */
export function isZlibError(error: unknown): error is Error {
  return (error as NodeJS.ErrnoException).code?.startsWith('Z_') ?? false;
}

/** UTF-8 as text, without a byte order mark. */
export function decode(bytes: Uint8Array): string {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const text = buffer.toString();
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Whether an object holds one record a line, by its name. */
export function isNdjson(key: string): boolean {
  return key.endsWith('.ndjson') || key.endsWith('.ndjson.gz');
}

/**
 * Reads a raw object into its records: one for each line of `.ndjson` (empty lines are none), one
 * for any other object, however many lines its JSON takes. With `.gz` at the end of its name it is
 * unpacked first.
 *
 * @param versionId see `ObjectStore.get`
 * @throws NotFoundError; UnreadableError when it holds nothing or is not what its name says (lines
 *   that came before the damage have been given out)
 */
export async function* readRawObject(
  store: ObjectStore,
  key: string,
  versionId?: string | null,
): AsyncGenerator<RawLine> {
  const { stream } = await store.get(key, versionId);
  const content = key.endsWith('.gz') ? gunzip(stream) : stream;
  const records = isNdjson(key) ? splitLines(content) : whole(content);
  let line = 0;
  let isEmpty = true;
  try {
    for await (const bytes of records) {
      const json = decode(bytes);
      if (json.trim() !== '') {
        isEmpty = false;
        yield { line, bytes, json };
      }
      line++;
    }
  } catch (error) {
    if (!isZlibError(error)) throw error;
    throw new UnreadableError(`it cannot be unpacked (${error.message})`, { cause: error });
  }
  if (isEmpty) throw new UnreadableError('it is empty');
}

const answerSchema = z.object({
  call: z.looseObject({ method: z.string() }).nullable(),
  outcome: z.enum(['answered', 'suggested', 'fallback', 'handoff', 'none']),
  intent: z.string().nullable(),
  score: z.number().nullable(),
  candidates: z.array(z.object({ intent: z.string(), score: z.number() })),
  engine: z.string(),
  knowledge: z.string(),
  ms: z.number(),
});

const envelopeSchema = z.object({
  v: z.literal(1),
  source: z.enum(['telegram', 'simulator', 'sample', 'import']),
  received_at: z.iso.datetime({ offset: true }),
  update: z.unknown(),
  answer: answerSchema.nullable(),
});

/** A course pipeline's key, `<YYYYMMDDHHMMSSffffff>.json`: the clock of the ingest at UTC-3. */
const COURSE_KEY = /\/(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})\d{3}\.json$/;

/** When a course's pipeline received what it keeps under a key, Unix milliseconds; null if it does not say. */
export function timeInKey(key: string): number | null {
  const [, year, month, day, hour, minute, second, ms] = COURSE_KEY.exec(key) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}-03:00`);
  return Number.isNaN(time) ? null : time;
}

/** When a bare update was received: its key's time, or else when the object was written. */
function receivedByKey({ key, modified }: Pick<ObjectInfo, 'key' | 'modified'>): number {
  return timeInKey(key) ?? modified.getTime();
}

function isEnvelope(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.hasOwn(value, 'v') &&
    Object.hasOwn(value, 'update') &&
    !Object.hasOwn(value, 'update_id')
  );
}

type EnvelopeFields = Omit<RawRecord, 'facts' | 'update'> & { readonly update: unknown };

const SOURCES: ReadonlySet<unknown> = new Set(envelopeSchema.shape.source.options);
const OUTCOMES: ReadonlySet<unknown> = new Set(answerSchema.shape.outcome.options);

/** As this program writes times: `2026-01-15T15:00:00.000Z`. */
const OWN_TIME = /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/** The day of the last time that was read, and its first instant: records of a day follow each other. */
let lastDay = '';
let lastMidnight = 0;

function digits(text: string, start: number, end: number): number {
  let number = 0;
  for (let at = start; at < end; at++) number = number * 10 + text.charCodeAt(at) - 0x30;
  return number;
}

/** Unix milliseconds of a time that this program wrote; null for any other. */
function readOwnTime(text: unknown): number | null {
  if (typeof text !== 'string' || !OWN_TIME.test(text)) return null;
  const day = text.slice(0, 10);
  if (day !== lastDay) {
    if (!z.iso.date().safeParse(day).success) return null;
    lastDay = day;
    lastMidnight = Date.parse(`${day}T00:00:00.000Z`);
  }
  const minutes = digits(text, 11, 13) * 60 + digits(text, 14, 16);
  return lastMidnight + (minutes * 60 + digits(text, 17, 19)) * 1000 + digits(text, 20, 23);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether the schema of answers takes it, without the time that schemas take. */
function isAnswer(value: unknown): value is Answer {
  if (!isObject(value)) return false;
  const { call, outcome, intent, score, candidates, engine, knowledge, ms } = value;
  return (
    (call === null || (isObject(call) && typeof call['method'] === 'string')) &&
    OUTCOMES.has(outcome) &&
    (intent === null || typeof intent === 'string') &&
    (score === null || Number.isFinite(score)) &&
    Array.isArray(candidates) &&
    candidates.every(
      (topic) =>
        isObject(topic) && typeof topic['intent'] === 'string' && Number.isFinite(topic['score']),
    ) &&
    typeof engine === 'string' &&
    typeof knowledge === 'string' &&
    Number.isFinite(ms)
  );
}

/** Reads an envelope as this program writes it; null leaves it to the schema, which says what is wrong. */
function readOwnEnvelope(value: Record<string, unknown>): EnvelopeFields | null {
  const { v, source, received_at, update, answer } = value;
  if (v !== 1 || !SOURCES.has(source) || !(answer === null || isAnswer(answer))) return null;
  const receivedAt = readOwnTime(received_at);
  return receivedAt === null ? null : { update, source: source as Source, receivedAt, answer };
}

function readEnvelope(value: Record<string, unknown>): EnvelopeFields {
  const own = readOwnEnvelope(value);
  if (own) return own;
  const result = envelopeSchema.safeParse(value);
  if (!result.success) {
    const issues = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new UnreadableError(`its envelope is damaged (${issues.join('; ')})`);
  }
  const { received_at, source, update, answer } = result.data;
  return { update, source, receivedAt: Date.parse(received_at), answer };
}

/**
 * Reads a record: an envelope, or a bare `Update` as the course's pipelines stored it, which then
 * counts as received at its key's time, or else when the object was written.
 *
 * @param object where the record comes from
 * @throws UnreadableError that says what it is instead
 */
export function parseRecord(
  { bytes, json }: Pick<RawLine, 'bytes' | 'json'>,
  object: Pick<ObjectInfo, 'key' | 'modified'>,
): ParsedRecord {
  if (!isUtf8(bytes)) throw new UnreadableError('it is not UTF-8');
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new UnreadableError(`it is not JSON (${(error as Error).message})`, { cause: error });
  }
  const envelope = isEnvelope(value) ? value : null;
  const { source, receivedAt, answer, update } = envelope
    ? readEnvelope(envelope)
    : { source: 'import' as const, receivedAt: receivedByKey(object), answer: null, update: value };
  try {
    const { facts, update: known } = asUpdate(update);
    return { update: known, facts, source, receivedAt, answer, isBare: !envelope };
  } catch (error) {
    if (!(error instanceof NotAnUpdateError)) throw error;
    throw new UnreadableError(error.reason, { cause: error });
  }
}
