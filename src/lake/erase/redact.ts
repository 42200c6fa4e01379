import { type Fields, integer, list, object, string } from '../../telegram/fields.ts';
import { type RawUpdate, updateFacts } from '../../telegram/updateFacts.ts';
import { type Person, isPerson, learnNames, mask, pointers } from './person.ts';

/** What becomes of an update: it goes whole, something in it goes, or it stays as it is. */
export type Redaction<T> =
  | { readonly fate: 'gone' }
  | { readonly fate: 'redacted'; readonly left: T }
  | { readonly fate: 'untouched' };

/** Stands in the place of what is taken out. */
const GONE = Symbol('gone');

/** Fields that say who wrote a message, or whose it was before it was forwarded. */
const AUTHORS = ['from', 'sender_chat', 'chat', 'forward_from'] as const;

/** Fields in which Telegram names a person without the number. */
const NAMES_ALONE: ReadonlySet<string> = new Set([
  'author_signature',
  'forward_sender_name',
  'forward_signature',
  'sender_user_name',
]);

/** Whether a message is the person's own words: written by them, to them alone, or forwarded. */
function isTheirs(message: Fields, person: Person): boolean {
  if (AUTHORS.some((field) => isPerson(message[field], person))) return true;
  return isPerson(object(message['forward_origin'])?.['sender_user'], person);
}

function isMessage(fields: Fields): boolean {
  return integer(fields['message_id']) !== null;
}

/** Of a message that goes, its number in the chat is left: others' replies keep pointing somewhere. */
function stub(message: Fields): Fields {
  return { message_id: message['message_id'] };
}

/** Takes the person out of the formatting of a text, and masks the words that stood for them. */
function maskMentions(fields: Record<string, unknown>, person: Person): void {
  for (const [field, entities] of Object.entries(fields)) {
    const [, prefix] = /^(?:(.+)_)?entities$/.exec(field) ?? [null];
    if (prefix === null) continue;
    const name = prefix ?? 'text';
    let text = string(fields[name]);
    const theirs = list(entities).filter((entity) => isPerson(object(entity)?.['user'], person));
    if (text === null || theirs.length === 0) continue;
    for (const entity of theirs) {
      const start = integer(object(entity)?.['offset']) ?? 0;
      const end = start + (integer(object(entity)?.['length']) ?? 0);
      text = text.slice(0, start) + mask(text.slice(start, end)) + text.slice(end);
    }
    fields[name] = text;
    fields[field] = list(entities).filter((entity) => !theirs.includes(entity));
  }
}

/** Goes through a value; what is not touched comes back as the very same. */
class Redactor {
  readonly #person: Person;
  readonly #pointers: RegExp;

  constructor(person: Person) {
    this.#person = person;
    this.#pointers = pointers(person);
  }

  /** @returns the value, another in its place, or GONE */
  clean(value: unknown, field = ''): unknown {
    if (typeof value === 'string') return this.#cleanText(value, field);
    if (Array.isArray(value)) return this.#cleanList(value, field);
    const fields = object(value);
    return fields ? this.#cleanFields(fields) : value;
  }

  #cleanText(text: string, field: string): string {
    if (NAMES_ALONE.has(field) && this.#person.fullNames.has(text)) return mask(text);
    return text.replace(this.#pointers, mask);
  }

  #cleanList(values: readonly unknown[], field: string): unknown {
    const isUserIds = field === 'user_ids';
    const cleaned = values
      .filter((value) => !(isUserIds && value === this.#person.id))
      .map((value) => this.clean(value, field))
      .filter((value) => value !== GONE);
    const isSame =
      cleaned.length === values.length && cleaned.every((value, index) => value === values[index]);
    return isSame ? values : cleaned;
  }

  #cleanFields(fields: Fields): unknown {
    const person = this.#person;
    if (isPerson(fields, person)) {
      learnNames(fields, person);
      return GONE;
    }
    if (isMessage(fields) && isTheirs(fields, person)) {
      this.learn(fields);
      return stub(fields);
    }
    // A message of another chat that is replied to.
    if (isPerson(object(fields['origin'])?.['sender_user'], person)) {
      this.learn(fields);
      return GONE;
    }
    const masked: Record<string, unknown> = { ...fields };
    if (this.#isQuoteTheirs(fields)) delete masked['quote'];
    maskMentions(masked, person);
    const left = Object.fromEntries(
      Object.entries(masked)
        .map(([name, value]) => [name, this.clean(value, name)] as const)
        .filter(([, value]) => value !== GONE),
    );
    const names = Object.keys(fields);
    const isSame =
      names.length === Object.keys(left).length &&
      names.every((name) => left[name] === fields[name]);
    return isSame ? fields : left;
  }

  /** A quote is part of the message that is replied to. */
  #isQuoteTheirs(fields: Fields): boolean {
    const replied = object(fields['reply_to_message']);
    const origin = object(object(fields['external_reply'])?.['origin']);
    return (
      (replied !== null && isTheirs(replied, this.#person)) ||
      isPerson(origin?.['sender_user'], this.#person)
    );
  }

  /** Remembers the names under which the person stands anywhere in a value that goes. */
  learn(value: unknown): void {
    if (Array.isArray(value)) for (const inner of value) this.learn(inner);
    const fields = object(value);
    if (!fields) return;
    if (isPerson(fields, this.#person)) learnNames(fields, this.#person);
    for (const inner of Object.values(fields)) this.learn(inner);
  }
}

/** Whether the update as a whole is the person's: they acted, or it is about them alone. */
function isOwn(update: RawUpdate, person: Person): boolean {
  const { id } = person;
  const { user, chat, memberUserId } = updateFacts(update);
  if (user?.id === id || chat?.id === id || memberUserId === id) return true;
  return Object.values(update).some((payload) => {
    const fields = object(payload);
    if (!fields) return false;
    const names = [...AUTHORS, 'user', 'voter_chat'];
    return (
      names.some((name) => isPerson(fields[name], person)) ||
      integer(fields['user_chat_id']) === id ||
      isTheirs(fields, person)
    );
  });
}

/**
 * Takes a person out of an update.
 *
 * - It goes whole when the person acted (wrote, tapped, reacted, joined, voted, …), when it happened
 *   in the person's private chat, when it changed the person's membership, or when somebody forwards
 *   what the person wrote.
 * - Otherwise what is theirs in it goes: of a message that is replied to, pinned or tapped on, the
 *   number is left; a quote, a shared contact, an entry in a list of users go; words that mention
 *   them by a link to their account, by `@name` or by their number are masked with asterisks.
 *
 * What others write about somebody in plain words stays: nothing in it tells who is meant.
 *
 * @param person learns names on the way
 */
export function redactUpdate(update: RawUpdate, person: Person): Redaction<RawUpdate> {
  const redactor = new Redactor(person);
  if (isOwn(update, person)) {
    redactor.learn(update);
    return { fate: 'gone' };
  }
  const left = redactor.clean(update);
  if (left === update) return { fate: 'untouched' };
  return left === GONE ? { fate: 'gone' } : { fate: 'redacted', left: left as RawUpdate };
}

/** Takes a person out of a value that is no update: an answer, for instance. */
export function redactValue(value: unknown, person: Person): Redaction<unknown> {
  const left = new Redactor(person).clean(value);
  if (left === value) return { fate: 'untouched' };
  return left === GONE ? { fate: 'gone' } : { fate: 'redacted', left };
}
