import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { ReadStream } from 'node:tty';

import { UsageError } from './errors.ts';
import type { Output } from './output.ts';

/** Standard input, or what stands for it. */
export type Input = NodeJS.ReadableStream & Partial<Pick<ReadStream, 'isTTY'>>;

/**
 * Asks for the bot's token: on a terminal without showing it, else as a line of standard input. Never
 * as an argument, which other users of the machine can read.
 *
 * @throws UsageError when nothing is given
 */
export async function readToken(
  input: Input,
  output: Output,
  signal: AbortSignal,
): Promise<string> {
  if (input.isTTY) output.note("The bot's token, from @BotFather (it does not show):");
  const silent = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const lines = createInterface({ input, output: silent, terminal: input.isTTY === true });
  const closed = once(lines, 'close').then(() => '');
  const token = await Promise.race([lines.question('', { signal }), closed]).finally(() => {
    lines.close();
  });
  if (token.trim() !== '') return token.trim();
  throw new UsageError(
    "The bot's token is needed, from @BotFather (/mybots, API Token). Set TELEGRAM_BOT_TOKEN, or write it to standard input.",
  );
}
