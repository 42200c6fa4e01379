import { integer, list, object } from './fields.ts';

/** A bot command at the start of a text. */
export interface Command {
  /** Without slash, lower case. */
  readonly name: string;
  /** The bot it is addressed to, without `@`. */
  readonly bot: string | null;
  /** What follows the command, trimmed. */
  readonly rest: string;
}

/** What Telegram takes for a command (MessageEntity.cpp of its library), at the text's start. */
const COMMAND = /^\/([a-zA-Z0-9_]{1,64})(?:@([a-zA-Z0-9_]{3,32}))?(?![\p{L}\p{N}_/<>])/u;

/**
 * Reads the command that a text opens with.
 *
 * @param entities the message's; where Telegram marked the text up, it must have seen the command
 *   too (`/start` written as code is none)
 */
export function readCommand(text: string, entities: unknown): Command | null {
  const found = COMMAND.exec(text);
  const name = found?.[1];
  if (!found || name === undefined) return null;
  const marked = list(entities).map(object);
  const seen = marked.some(
    (entity) => entity?.['type'] === 'bot_command' && integer(entity['offset']) === 0,
  );
  if (marked.length > 0 && !seen) return null;
  return {
    name: name.toLowerCase(),
    bot: found[2] ?? null,
    rest: text.slice(found[0].length).trim(),
  };
}
