import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

import { type Config, configSchema } from './config.ts';

/** A setting has a value that is not allowed; the message names key, value and what is. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** What a variable's text means for its setting. */
type Read = (text: string) => unknown;

const asText: Read = (text) => text;
const asNumber: Read = (text) => (/^-?\d+$/.test(text.trim()) ? Number(text) : text);
const asTexts: Read = (text) => text.split(',').map((part) => part.trim());
const asNumbers: Read = (text) => text.split(',').map(asNumber);

/** A setting, or one part of a setting that has several. */
type Setting = keyof Config | `bot.${keyof NonNullable<Config['bot']>}`;

/** Environment variables and the settings that they set. */
export const VARIABLES: Readonly<Record<string, readonly [Setting, Read]>> = {
  CHATBOT_PROJECT: ['project', asText],
  CHATBOT_STAGE: ['stage', asText],
  CHATBOT_ACCOUNT: ['account', asText],
  CHATBOT_REGION: ['region', asText],
  CHATBOT_ZONE: ['zone', asText],
  CHATBOT_LANGUAGE: ['language', asText],
  // The name that the course's pipelines use, for one chat.
  TELEGRAM_CHAT_ID: ['chats', asNumbers],
  CHATBOT_CHATS: [
    'chats',
    (text) => (text === 'any' || text === 'private' ? text : asNumbers(text)),
  ],
  CHATBOT_OWNER_CHAT: ['ownerChat', asNumber],
  CHATBOT_STAFF_CHATS: ['staffChats', asNumbers],
  CHATBOT_BOT_ID: ['bot.id', asNumber],
  CHATBOT_BOT_USERNAME: ['bot.username', asText],
  CHATBOT_FLOOD_PER_MINUTE: ['floodPerMinute', asNumber],
  CHATBOT_INGEST: ['ingest', asText],
  CHATBOT_NETWORKS: ['networks', asTexts],
  CHATBOT_UPDATES_PER_SHARD: ['updatesPerShard', asNumber],
  CHATBOT_SHARDS_AT_ONCE: ['shardsAtOnce', asNumber],
  CHATBOT_RAW_RETENTION_DAYS: ['rawRetentionDays', asNumber],
  CHATBOT_ENRICHED_RETENTION_DAYS: ['enrichedRetentionDays', asNumber],
  CHATBOT_RESULTS_RETENTION_DAYS: ['resultsRetentionDays', asNumber],
  CHATBOT_LOG_RETENTION_DAYS: ['logRetentionDays', asNumber],
  CHATBOT_ENCRYPTION: ['encryption', asText],
  CHATBOT_ALARM_EMAIL: ['alarmEmail', asText],
  CHATBOT_DAILY_RUN_HOUR: ['dailyRunHour', asNumber],
  CHATBOT_DIGEST_HOUR: ['digestHour', asNumber],
  CHATBOT_SCHEDULE: ['schedule', asText],
  CHATBOT_STATE_BUCKET: ['stateBucket', asText],
  CHATBOT_REPOSITORY: ['repository', asText],
  CHATBOT_GITHUB_PROVIDER: ['githubProvider', asText],
};

/** All settings, the parts of those that have several too. */
const SETTINGS = [
  ...new Set([
    ...Object.keys(configSchema.shape).filter((key) => key !== 'bot'),
    ...Object.values(VARIABLES).map(([setting]) => setting),
  ]),
];

const cdktfSchema = z.object({
  context: z.object({ chatbot: z.record(z.string(), z.unknown()).optional() }).optional(),
});

/** Settings of cdktf.json's context `chatbot`; none where there is no such file. */
function readContext(folder: string): Record<string, unknown> {
  const file = join(folder, 'cdktf.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  try {
    return cdktfSchema.parse(JSON.parse(text)).context?.chatbot ?? {};
  } catch (error) {
    throw new ConfigError(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * The configuration: cdktf.json's context `chatbot`, then environment variables over it.
 *
 * @param from.folder where cdktf.json stands
 * @param from.env for instance `process.env`; an empty variable counts as unset
 * @param from.defaults what this home assumes where neither says anything
 * @throws ConfigError that names every wrong setting, its value and what is allowed
 */
export function loadConfig(from: {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly defaults?: Partial<Config>;
}): Config {
  const settings: Record<string, unknown> = { ...from.defaults, ...readContext(from.folder) };
  const origin = new Map<string, string>();
  for (const [variable, [setting, read]] of Object.entries(VARIABLES)) {
    const text = from.env[variable];
    if (text === undefined || text === '') continue;
    const [key = setting, part] = setting.split('.');
    settings[key] =
      part === undefined ? read(text) : { ...(settings[key] as object), [part]: read(text) };
    origin.set(setting, variable);
  }
  const result = configSchema.safeParse(settings);
  if (result.success) return result.data;
  const mistakes = result.error.issues.map((issue) => {
    if (issue.code === 'unrecognized_keys') {
      const names = issue.keys.map((key) => [...issue.path, key].join('.')).join(', ');
      return `${names}: no such setting; there are ${SETTINGS.join(', ')}`;
    }
    const [key = '', part] = issue.path.map(String);
    const where =
      origin.get(`${key}.${part ?? ''}`) ??
      origin.get(key) ??
      `cdktf.json, context.chatbot.${issue.path.join('.')}`;
    const value = issue.path.reduce<unknown>(
      (from, name) => (from as Record<PropertyKey, unknown> | undefined)?.[name],
      settings,
    );
    return `${where} is ${value === undefined ? 'missing' : JSON.stringify(value)}: ${issue.message}`;
  });
  throw new ConfigError(`The configuration is wrong.\n  ${mistakes.join('\n  ')}`);
}
