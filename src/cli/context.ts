import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import type { Lake } from '../lake/lake.ts';
import { type Environment, readEnvironment } from '../local/environment.ts';
import { lakeFolders, openFolderLake } from '../local/localLake.ts';
import { PACKAGE_FOLDER } from '../local/paths.ts';
import { UsageError } from './errors.ts';
import type { Output } from './output.ts';
import type { Input } from './readToken.ts';

/** What every command works with. */
export interface CommandContext {
  readonly config: Config;
  readonly environment: Environment;
  readonly output: Output;
  /** What a command may ask for. */
  readonly input: Input;
  /** Unix milliseconds. */
  readonly now: () => number;
  /** Aborts when the user interrupts. */
  readonly signal: AbortSignal;
}

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  /** Name of a lake: `own`, `sample`, or one that an import has made. */
  readonly lake: string;
}

/**
 * @throws ConfigError when a setting is wrong; UsageError when the Bot API server is no address
 */
export function commandContext(
  from: Pick<CommandContext, 'output' | 'now' | 'signal'> & {
    readonly input?: Input;
    readonly env: Readonly<Record<string, string | undefined>>;
  },
): CommandContext {
  const { env, input = process.stdin, ...rest } = from;
  const environment = readEnvironment(env);
  const { telegramApi } = environment;
  if (telegramApi !== null && !(/^https?:/.test(telegramApi) && URL.canParse(telegramApi))) {
    throw new UsageError(
      `CHATBOT_TELEGRAM_API is "${telegramApi}", which is no address of a server; write one such as ` +
        'http://127.0.0.1:8081, or leave it out for https://api.telegram.org.',
    );
  }
  const config = loadConfig({
    folder: PACKAGE_FOLDER,
    env,
    // Simulated people write in groups, too; a real bot starts with private chats, as on AWS.
    defaults: { chats: environment.botToken === null ? 'any' : 'private' },
  });
  return { config, environment, input, ...rest };
}

/** Folder of a lake, which bears its name. */
export function lakeFolder({ environment }: CommandContext, lake: string): string {
  return join(environment.dataFolder, lake);
}

/**
 * Opens a lake of this machine.
 *
 * @param options.make whether a lake that is not there is made; one's own always is
 * @throws UsageError when there is no such lake; LakeError when it was made with another zone
 */
export async function openCommandLake(
  context: CommandContext,
  lake: string,
  options: { readonly make?: boolean } = {},
): Promise<Lake> {
  const folder = lakeFolder(context, lake);
  if (lake !== 'own' && options.make !== true && !existsSync(folder)) {
    throw new UsageError(
      lake === 'sample'
        ? `There is no sample lake in ${folder} yet: chatbot serve makes it.`
        : `There is no lake ${lake} in ${folder} yet: chatbot import course … --lake ${lake} makes it.`,
    );
  }
  return openFolderLake(folder, context.config.zone);
}

/** Folder of a lake's Parquet files. */
export function enrichedFolder(context: CommandContext, lake: string): string {
  return lakeFolders(lakeFolder(context, lake)).enriched;
}
