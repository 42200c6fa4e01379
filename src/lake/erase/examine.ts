import { NotAnUpdateError, asUpdate } from '../../telegram/parseUpdate.ts';
import { object } from '../../telegram/fields.ts';
import type { ObjectStore, ObjectVersion } from '../objectStore.ts';
import { UnreadableError, readRawObject } from '../rawRecords.ts';
import { type Person, idField, pointers } from './person.ts';
import { type Redaction, redactUpdate, redactValue } from './redact.ts';

/** What an object of the raw layer holds of a person. */
export interface Examined {
  /** What becomes of its lines, by their 0-based numbers: the line in its place, or null. */
  readonly lines: ReadonlyMap<number, string | null>;
  /** Numbers of the updates that go. */
  readonly goneUpdates: readonly number[];
  /** Of lines that stay: names that point at people, see {@link namesIn}. */
  readonly names: ReadonlySet<string>;
  /** Whether all of it could be looked into. */
  readonly isWhole: boolean;
}

/** What a line of JSON becomes. */
type LineFate = Redaction<string> & { readonly updateId?: number };

const AT_NAME = /(?:@|t\.me\\?\/)([a-z]\w{3,31})/gi;
const NAME_ALONE =
  /"(?:author_signature|forward_sender_name|forward_signature|sender_user_name)"\s*:\s*("(?:[^"\\]|\\.)*")/g;

/** How {@link namesIn} writes a user name. */
export function usernameEntry(username: string): string {
  return `@${username.toLowerCase()}`;
}

/** How {@link namesIn} writes a full name that stands without a number. */
export function fullNameEntry(name: string): string {
  return `=${name}`;
}

/**
 * Names in a line of JSON that may point at somebody: user names after `@`, full names where Telegram
 * writes no number. Who bears them may become known later.
 */
function namesIn(json: string): string[] {
  const usernames = [...json.matchAll(AT_NAME)].map(([, name = '']) => usernameEntry(name));
  const fullNames = [...json.matchAll(NAME_ALONE)].map(([, name = '""']) => {
    try {
      return fullNameEntry(String(JSON.parse(name)));
    } catch {
      return fullNameEntry(name);
    }
  });
  return [...usernames, ...fullNames];
}

/** What becomes of a text that is no update: it goes whole if it points at the person. */
function examineText(text: string, person: Person): LineFate {
  const names = [...person.fullNames].some((name) => namesIn(text).includes(fullNameEntry(name)));
  const isPointing = names || pointers(person).test(text) || idField(person).test(text);
  return isPointing ? { fate: 'gone' } : { fate: 'untouched' };
}

/** Takes a person out of a record: an envelope, or a bare update. */
export function examineRecord(json: string, person: Person): LineFate {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return examineText(json, person);
  }
  const envelope = object(value);
  const isEnvelope = envelope !== null && 'update' in envelope && !('update_id' in envelope);
  let parsed;
  try {
    parsed = asUpdate(isEnvelope ? envelope['update'] : value);
  } catch (error) {
    if (!(error instanceof NotAnUpdateError)) throw error;
    return examineText(json, person);
  }
  const { updateId } = parsed.facts;
  const update = redactUpdate(parsed.update, person);
  if (update.fate === 'gone') return { fate: 'gone', updateId };
  if (!isEnvelope) {
    return update.fate === 'untouched'
      ? update
      : { fate: 'redacted', left: JSON.stringify(update.left), updateId };
  }
  const answer = redactValue(envelope['answer'], person);
  if (update.fate === 'untouched' && answer.fate === 'untouched') return { fate: 'untouched' };
  const left = {
    ...envelope,
    update: update.fate === 'redacted' ? update.left : parsed.update,
    answer:
      answer.fate === 'redacted' ? answer.left : answer.fate === 'gone' ? null : envelope['answer'],
  };
  return { fate: 'redacted', left: JSON.stringify(left), updateId };
}

/**
 * Looks what a version of a raw object holds of a person. What cannot be read goes whole where it
 * holds the person's number or user name.
 *
 * @param person learns names on the way
 * @param isThorough looks at every record; else only at those in which the person's number stands
 * @throws NotFoundError
 */
export async function examineObject(
  store: ObjectStore,
  { key, versionId }: Pick<ObjectVersion, 'key' | 'versionId'>,
  person: Person,
  isThorough: boolean,
): Promise<Examined> {
  const digits = Buffer.from(String(person.id));
  const lines = new Map<number, string | null>();
  const goneUpdates: number[] = [];
  const names = new Set<string>();
  const examined = { lines, goneUpdates, names };
  try {
    for await (const { line, bytes, json } of readRawObject(store, key, versionId)) {
      const isSuspect = isThorough || Buffer.from(bytes).includes(digits);
      const result: LineFate = isSuspect ? examineRecord(json, person) : { fate: 'untouched' };
      if (result.fate === 'gone' && result.updateId !== undefined)
        goneUpdates.push(result.updateId);
      if (result.fate === 'gone') lines.set(line, null);
      else for (const name of namesIn(json)) names.add(name);
      if (result.fate === 'redacted') lines.set(line, result.left);
    }
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    return { ...examined, isWhole: error.reason === EMPTY };
  }
  return { ...examined, isWhole: true };
}

/** The reason of an object in which nothing stands, see readRawObject. */
const EMPTY = 'it is empty';
