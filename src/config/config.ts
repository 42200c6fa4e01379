import { z } from 'zod';

/** `true` if the runtime's time-zone database knows the name. */
function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Chat and user ids have up to 52 significant bits; groups and channels are negative. */
const chatId = z.int();

/** Which chats are ours: all, all private ones, or exactly these. */
const chatsSchema = z.union([z.enum(['any', 'private']), z.array(chatId).min(1)], {
  error: 'is "any", "private" or a list of chat ids',
});

/** All settings of the program, for both homes (AWS and one machine). */
export const configSchema = z.strictObject({
  /** Prefix of every resource's name. */
  project: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,30}$/, 'is 2 to 31 of a-z, 0-9 and "-", starting with a letter')
    .default('chatbot'),
  /** IANA time zone of the lake: decides each message's day. Fixed once a lake is made. */
  zone: z
    .string()
    .refine(isZone, 'is an IANA time zone such as America/Sao_Paulo')
    .default('America/Sao_Paulo'),
  /** Language the bot speaks when it cannot tell the customer's. */
  language: z.enum(['pt', 'en']).default('pt'),
  /** Whose updates are stored and answered. */
  chats: chatsSchema.default('private'),
  /** Chat of the business's owner: always admitted. */
  ownerChat: chatId.optional(),
  /** Chats of the staff: always admitted. */
  staffChats: z.array(chatId).readonly().default([]),
  /** Messages per minute and chat that are answered; beyond, they are only recorded. */
  floodPerMinute: z.int().min(1).default(20),
  /** Days after which the raw layer may have expired objects: older days are never shrunk. */
  rawRetentionDays: z.int().min(1).default(365),
  /** Hour of the daily run, in the lake's zone. */
  dailyRunHour: z.int().min(0).max(23).default(1),
});

/** The settings, complete and checked. */
export type Config = z.infer<typeof configSchema>;

/** The languages that the bot and the page speak. */
export type Language = Config['language'];
