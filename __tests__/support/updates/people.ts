import type { Chat, User } from '@grammyjs/types';

/** A customer. Her id has more than 32 bits, as those of newer accounts have. */
export const CAROL = {
  id: 7_311_985_206,
  is_bot: false,
  first_name: 'Carol 🌻',
  last_name: 'Souza',
  username: 'carol_souza',
  language_code: 'pt-br',
} satisfies User;

/** The shop's owner; without username, and her app tells no language. */
export const MARIA = { id: 401_225_318, is_bot: false, first_name: 'Maria' } satisfies User;

/** A customer who writes English. */
export const JAMES = {
  id: 5_964_236_329,
  is_bot: false,
  first_name: 'James',
  username: 'james_in_sp',
  language_code: 'en',
} satisfies User;

/** The bot itself. */
export const OUR_BOT = {
  id: 6_100_000_042,
  is_bot: true,
  first_name: 'Loja da Maria',
  username: 'loja_da_maria_bot',
} satisfies User;

/** Telegram's stand-in `from` for administrators who speak as the group. */
export const GROUP_ANONYMOUS_BOT = {
  id: 1_087_968_824,
  is_bot: true,
  first_name: 'Group',
  username: 'GroupAnonymousBot',
} satisfies User;

/** Telegram's stand-in `from` for a channel. */
export const CHANNEL_BOT = {
  id: 136_817_688,
  is_bot: true,
  first_name: 'Channel',
  username: 'Channel_Bot',
} satisfies User;

/** Carol's private chat with the bot. */
export const CAROLS_CHAT = {
  id: CAROL.id,
  type: 'private',
  first_name: CAROL.first_name,
  last_name: CAROL.last_name,
  username: CAROL.username,
} satisfies Chat;

/** James's private chat with the bot. */
export const JAMES_CHAT = {
  id: JAMES.id,
  type: 'private',
  first_name: JAMES.first_name,
  username: JAMES.username,
} satisfies Chat;

export const GROUP = {
  id: -4_012_345_678,
  type: 'group',
  title: 'Clientes da Loja',
} satisfies Chat;

/** What GROUP became. */
export const SUPERGROUP = {
  id: -1_002_184_233_434,
  type: 'supergroup',
  title: 'Clientes da Loja',
} satisfies Chat;

export const CHANNEL = {
  id: -1_001_845_120_077,
  type: 'channel',
  title: 'Novidades da Loja',
  username: 'novidades_da_loja',
} satisfies Chat;
