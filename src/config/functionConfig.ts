import * as z from 'zod';

import { configSchema } from './config.ts';

const { zone, language, chats, ownerChat, staffChats } = configSchema.shape;
const { floodPerMinute, rawRetentionDays, updatesPerShard, bot } = configSchema.shape;

/**
 * What a Lambda function is told of the configuration, as JSON in its variable CHATBOT_CONFIG. Other
 * settings that stand there are left out.
 */
export const functionConfigSchema = z.object({
  /** The stack's stage: a dimension of every metric. */
  stage: z.string().min(1),
  zone,
  language,
  chats,
  ownerChat,
  staffChats,
  floodPerMinute,
  rawRetentionDays,
  updatesPerShard,
  /** Who the bot is; without it, what `chatbot webhook set` learned from Telegram. */
  bot,
});

/** What a Lambda function is told of the configuration. */
export type FunctionConfig = z.infer<typeof functionConfigSchema>;
