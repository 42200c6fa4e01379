import type { ContentType } from './content.ts';
import type { UpdateType } from './updateTypes.ts';

/** A Telegram user as an update names it. */
export interface UserFacts {
  readonly id: number;
  readonly isBot: boolean | null;
  readonly firstName: string | null;
  readonly username: string | null;
  /** IETF tag of the user's app, for instance `pt-br`. */
  readonly languageCode: string | null;
}

/** A Telegram chat as an update names it. */
export interface ChatFacts {
  readonly id: number;
  /** `private`, `group`, `supergroup`, `channel`, or what Telegram invents next. */
  readonly type: string | null;
  readonly title: string | null;
}

/**
 * What is known of one update, whatever its type: the common denominator that the webhook, the bot
 * and the ETL work with. Absent facts are null; nothing here is invented.
 */
export interface UpdateFacts {
  readonly updateId: number;
  /** The first known kind in the Bot API's order, or `unknown`. */
  readonly updateType: UpdateType | 'unknown';
  /** The update's own time, Unix seconds; null for those without one (callbacks, polls, …). */
  readonly ownTime: number | null;
  /** `date` of the message (of the event, for updates that are no messages), Unix seconds. */
  readonly date: number | null;
  /** `edit_date` of the message, Unix seconds. */
  readonly editDate: number | null;
  readonly chat: ChatFacts | null;
  /** Who acted (wrote, tapped, reacted, boosted, …); null when a sender_chat stands for them. */
  readonly user: UserFacts | null;
  /** The chat that speaks in its own name (anonymous admin, channel), which wins over `from`. */
  readonly senderChat: ChatFacts | null;
  /** The Bot API's field name of the message's content; null when the update is no message. */
  readonly contentType: ContentType | 'unknown' | null;
  /** Whether the content is a service message (somebody joined, a title changed, …). */
  readonly isService: boolean;
  readonly text: string | null;
  readonly caption: string | null;
  /** Unicode code points of text, or else of caption; null when there is neither. */
  readonly textLength: number | null;
  readonly messageId: number | null;
  readonly messageThreadId: number | null;
  readonly replyToMessageId: number | null;
  /** Who wrote the message that is replied to. */
  readonly replyToUserId: number | null;
  readonly mediaGroupId: string | null;
  readonly isForward: boolean;
  readonly viaBotId: number | null;
  /** Business account on whose behalf a bot must answer this message. */
  readonly businessConnectionId: string | null;
  /** First bot_command at the start of the text, without slash and `@bot`, lower case. */
  readonly command: string | null;
  /** The `@bot` a command is addressed to, without `@`. */
  readonly commandBot: string | null;
  /** What follows `/start`. */
  readonly startPayload: string | null;
  readonly callbackQueryId: string | null;
  readonly callbackData: string | null;
  /**
   * Reactions that stand after the change, comma-separated: emoji, `custom:<id>` or `paid`; empty
   * when all were taken back.
   */
  readonly reaction: string | null;
  /** Whose membership changed; of several who joined in one message, null. */
  readonly memberUserId: number | null;
  readonly memberStatusOld: string | null;
  readonly memberStatusNew: string | null;
  readonly migrateToChatId: number | null;
  readonly migrateFromChatId: number | null;
}
