import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import type { Lake } from '../lake/lake.ts';
import type { LakeId } from '../local/api.ts';
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
  readonly lake: LakeId;
}

/**
 * @throws ConfigError when a setting is wrong
 */
export function commandContext(
  from: Pick<CommandContext, 'output' | 'now' | 'signal'> & {
    readonly input?: Input;
    readonly env: Readonly<Record<string, string | undefined>>;
  },
): CommandContext {
  const { env, input = process.stdin, ...rest } = from;
  const environment = readEnvironment(env);
  const config = loadConfig({
    folder: PACKAGE_FOLDER,
    env,
    // Simulated people write in groups, too; a real bot starts with private chats, as on AWS.
    defaults: { chats: environment.botToken === null ? 'any' : 'private' },
  });
  return { config, environment, input, ...rest };
}

/** Folder of one of the two lakes. */
function lakeFolder({ environment }: CommandContext, lake: LakeId): string {
  return join(environment.dataFolder, lake);
}

/**
 * Opens one of the two lakes.
 *
 * @throws UsageError when there is no sample lake; LakeError when it was made with another zone
 */
export async function openCommandLake(context: CommandContext, lake: LakeId): Promise<Lake> {
  const folder = lakeFolder(context, lake);
  if (lake === 'sample' && !existsSync(folder)) {
    throw new UsageError(`There is no sample lake in ${folder} yet: chatbot serve makes it.`);
  }
  return openFolderLake(folder, context.config.zone);
}

/** Folder of a lake's Parquet files. */
export function enrichedFolder(context: CommandContext, lake: LakeId): string {
  return lakeFolders(lakeFolder(context, lake)).enriched;
}
