import { type Fields, integer, object, string } from '../../telegram/fields.ts';

/** Who is to be forgotten, as far as it is known by now. */
export interface Person {
  /** Telegram's number. */
  readonly id: number;
  /** User names that the person was seen with, lower case, without `@`. */
  readonly usernames: Set<string>;
  /** First and last name together, as Telegram shows the author of a hidden forward. */
  readonly fullNames: Set<string>;
}

/** Accounts that stand for others: erasing one would take away what many people wrote. */
const STAND_INS: Readonly<Record<number, string>> = {
  136_817_688: 'channels that write in a group',
  777_000: 'Telegram itself, and posts of a linked channel',
  1_087_968_824: 'anonymous administrators',
};

/** The user's id stands for others; the message says for whom. */
export class StandInError extends Error {
  override readonly name = 'StandInError';
}

/** @throws StandInError when the number is no person's */
export function personOf(id: number): Person {
  const whom = STAND_INS[id];
  if (whom !== undefined) {
    throw new StandInError(
      `${id} is no person: Telegram uses it for ${whom}. Messages of a person have the person's own number.`,
    );
  }
  return { id, usernames: new Set(), fullNames: new Set() };
}

/** Whether a value is the person as Telegram writes users, private chats and shared contacts. */
export function isPerson(value: unknown, { id }: Pick<Person, 'id'>): boolean {
  const fields = object(value);
  if (!fields) return false;
  if (integer(fields['user_id']) === id) return true;
  // Ids of messages and files are numbers of other kinds; a user or a chat has one of these beside it.
  const isUserOrChat = ['is_bot', 'first_name', 'type', 'username'].some((name) => name in fields);
  return isUserOrChat && integer(fields['id']) === id;
}

/** Remembers the names that a user, or a private chat, bears. */
export function learnNames(value: Fields, person: Person): void {
  const username = string(value['username']);
  if (username !== null && username !== '') person.usernames.add(username.toLowerCase());
  const names = [value['first_name'], value['last_name']].map(string).filter((name) => name);
  if (names.length > 0) person.fullNames.add(names.join(' '));
}

/** A text in which no character means anything in a regular expression. */
function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

/**
 * From here on a number in a text is the person's. Smaller ones are how many, how much or which order,
 * and stand by chance in the ids of files.
 */
const TELLING_NUMBER = 1_000_000;

/**
 * What in a text points at the person and at nobody else: the number, where it is long enough to be
 * nothing else, links to it, `@name`, and links to `t.me/name`. The same number below zero is a
 * group's.
 */
export function pointers({ id, usernames }: Person): RegExp {
  const names = [...usernames].map(escape).join('|');
  const named = names === '' ? '' : String.raw`|@(?:${names})(?!\w)|t\.me\/(?:${names})(?!\w)`;
  const before = id < TELLING_NUMBER ? '(?<=user\\?id=)' : String.raw`(?<!\d|(?:^|\W)-)`;
  return new RegExp(String.raw`${before}${id}(?!\d)${named}`, 'gi');
}

/** A field with the person's number, in text that may be JSON and cannot be read. */
export function idField({ id }: Person): RegExp {
  return new RegExp(String.raw`"(?:id|user_id)\\?"\s*:\s*${id}(?!\d)`);
}

/** As many asterisks as there were characters, so that the offsets of formatting stay right. */
export function mask(text: string): string {
  return '*'.repeat(text.length);
}
