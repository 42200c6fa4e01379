import type { UpdateFacts } from '../telegram/facts.ts';
import type { Answer, Source } from './envelope.ts';

/**
 * How a column is stored. int64 is a JavaScript number here (Telegram's ids have up to 52
 * significant bits); timestamp is milliseconds on the wall clock named in the column's meaning.
 */
export type ColumnType = 'boolean' | 'date' | 'double' | 'int64' | 'string' | 'timestamp';

/** A value before it is encoded: `date` is a `YYYY-MM-DD` string, `timestamp` a number of ms. */
export type Value = boolean | number | string | null;

/** One column of a table: name, type, meaning, and how it is taken. */
export interface Column<Input> {
  readonly name: string;
  readonly type: ColumnType;
  /** One sentence with the unit, for the data dictionary and the Glue table. */
  readonly meaning: string;
  readonly take: (input: Input) => Value;
}

/** What a row of `telegram` is made of. */
export interface MessageInput {
  readonly facts: UpdateFacts;
  readonly source: Source;
  /** Unix milliseconds. */
  readonly receivedAt: number;
  /** Event time on the wall clock of the lake's zone, as if it were UTC, in milliseconds. */
  readonly localTime: number;
  /** See `questionKey` of src/lake/questionKey.ts. */
  readonly questionKey: string | null;
  readonly answer: Answer | null;
}

/** The partition of every table: the day in the lake's zone, a `date` in SQL. */
export const PARTITION = 'context_date';

/** What a row of each table is. */
export const TABLE_ROWS = {
  telegram: 'One row per update',
  runs: 'One row per day and run of the ETL',
} as const;

/** Raised when a column is appended: older days are then rewritten by `etl --outdated`. */
export const COLUMNS_VERSION = 1;

/**
 * Table `telegram`: one row per update. The course's eight columns first and unchanged. Columns are
 * only ever appended, never retyped or renamed.
 */
export const TELEGRAM_COLUMNS: readonly Column<MessageInput>[] = [
  {
    name: 'message_id',
    type: 'int64',
    meaning: 'Number of the message in its chat.',
    take: ({ facts }) => facts.messageId,
  },
  {
    name: 'user_id',
    type: 'int64',
    meaning: 'Who wrote or acted; null when a chat speaks in its own name (see sender_chat_id).',
    take: ({ facts }) => facts.user?.id ?? null,
  },
  {
    name: 'user_is_bot',
    type: 'boolean',
    meaning: 'Whether that user is a bot.',
    take: ({ facts }) => facts.user?.isBot ?? null,
  },
  {
    name: 'user_first_name',
    type: 'string',
    meaning: "That user's first name at the time.",
    take: ({ facts }) => facts.user?.firstName ?? null,
  },
  {
    name: 'chat_id',
    type: 'int64',
    meaning: 'Where it happened; negative for groups and channels.',
    take: ({ facts }) => facts.chat?.id ?? null,
  },
  {
    name: 'chat_type',
    type: 'string',
    meaning: 'private, group, supergroup or channel.',
    take: ({ facts }) => facts.chat?.type ?? null,
  },
  {
    name: 'text',
    type: 'string',
    meaning: 'Text of the message.',
    take: ({ facts }) => facts.text,
  },
  {
    name: 'date',
    type: 'int64',
    meaning: 'When the message was sent or the event happened, Unix seconds (UTC).',
    take: ({ facts }) => facts.date,
  },
  {
    name: 'update_id',
    type: 'int64',
    meaning: "Telegram's number of the update.",
    take: ({ facts }) => facts.updateId,
  },
  {
    name: 'update_type',
    type: 'string',
    meaning: 'Kind of update in the words of the Bot API, or unknown.',
    take: ({ facts }) => facts.updateType,
  },
  {
    name: 'received_at',
    type: 'timestamp',
    meaning: 'When the webhook received it, UTC, to the millisecond.',
    take: ({ receivedAt }) => receivedAt,
  },
  {
    name: 'local_time',
    type: 'timestamp',
    meaning: "Event time on the wall clock of the lake's zone; hours and weekdays come from here.",
    take: ({ localTime }) => localTime,
  },
  {
    name: 'edit_date',
    type: 'int64',
    meaning: 'When the message was last edited, Unix seconds (UTC).',
    take: ({ facts }) => facts.editDate,
  },
  {
    name: 'content_type',
    type: 'string',
    meaning: 'What the message holds, by the field name of the Bot API: text, photo, …',
    take: ({ facts }) => facts.contentType,
  },
  {
    name: 'is_service',
    type: 'boolean',
    meaning: 'Whether Telegram wrote it (somebody joined, a title changed, …).',
    take: ({ facts }) => facts.isService,
  },
  {
    name: 'text_length',
    type: 'int64',
    meaning: 'Length of text, or else of caption, in Unicode code points.',
    take: ({ facts }) => facts.textLength,
  },
  {
    name: 'caption',
    type: 'string',
    meaning: 'Caption of a photo, video, document, …',
    take: ({ facts }) => facts.caption,
  },
  {
    name: 'source',
    type: 'string',
    meaning: 'telegram, simulator, sample or import.',
    take: ({ source }) => source,
  },
  {
    name: 'user_username',
    type: 'string',
    meaning: "That user's @name at the time, without @.",
    take: ({ facts }) => facts.user?.username ?? null,
  },
  {
    name: 'user_language_code',
    type: 'string',
    meaning: "Language of that user's app, an IETF tag.",
    take: ({ facts }) => facts.user?.languageCode ?? null,
  },
  {
    name: 'sender_chat_id',
    type: 'int64',
    meaning: 'The chat that speaks in its own name (anonymous administrator, channel).',
    take: ({ facts }) => facts.senderChat?.id ?? null,
  },
  {
    name: 'chat_title',
    type: 'string',
    meaning: 'Title of the group or channel at the time.',
    take: ({ facts }) => facts.chat?.title ?? null,
  },
  {
    name: 'message_thread_id',
    type: 'int64',
    meaning: 'Topic of a forum, or thread, that it belongs to.',
    take: ({ facts }) => facts.messageThreadId,
  },
  {
    name: 'reply_to_message_id',
    type: 'int64',
    meaning: 'Message of the same chat that it replies to.',
    take: ({ facts }) => facts.replyToMessageId,
  },
  {
    name: 'media_group_id',
    type: 'string',
    meaning: 'Album that it belongs to.',
    take: ({ facts }) => facts.mediaGroupId,
  },
  {
    name: 'is_forward',
    type: 'boolean',
    meaning: 'Whether it was forwarded.',
    take: ({ facts }) => facts.isForward,
  },
  {
    name: 'via_bot_id',
    type: 'int64',
    meaning: 'Inline bot through which it was sent.',
    take: ({ facts }) => facts.viaBotId,
  },
  {
    name: 'command',
    type: 'string',
    meaning: 'Command it opens with, without slash and bot name, lower case.',
    take: ({ facts }) => facts.command,
  },
  {
    name: 'start_payload',
    type: 'string',
    meaning: 'What follows /start: the campaign of a t.me link.',
    take: ({ facts }) => facts.startPayload,
  },
  {
    name: 'callback_data',
    type: 'string',
    meaning: 'What a tapped button carries.',
    take: ({ facts }) => facts.callbackData,
  },
  {
    name: 'reaction',
    type: 'string',
    meaning:
      'Reactions that stand after the change, comma-separated; empty when all were taken back.',
    take: ({ facts }) => facts.reaction,
  },
  {
    name: 'member_user_id',
    type: 'int64',
    meaning: 'Whose membership changed.',
    take: ({ facts }) => facts.memberUserId,
  },
  {
    name: 'member_status_old',
    type: 'string',
    meaning: 'Membership before: creator, administrator, member, restricted, left or kicked.',
    take: ({ facts }) => facts.memberStatusOld,
  },
  {
    name: 'member_status_new',
    type: 'string',
    meaning: 'Membership after; kicked in a private chat is a user who blocked the bot.',
    take: ({ facts }) => facts.memberStatusNew,
  },
  {
    name: 'migrate_to_chat_id',
    type: 'int64',
    meaning: 'Supergroup that this group becomes.',
    take: ({ facts }) => facts.migrateToChatId,
  },
  {
    name: 'migrate_from_chat_id',
    type: 'int64',
    meaning: 'Group that this supergroup was.',
    take: ({ facts }) => facts.migrateFromChatId,
  },
  {
    name: 'question_key',
    type: 'string',
    meaning:
      'The question folded (case, accents, punctuation and stop words out, words sorted), to group near-duplicates.',
    take: ({ questionKey }) => questionKey,
  },
  {
    name: 'answer_intent',
    type: 'string',
    meaning: 'Topic or command that answered.',
    take: ({ answer }) => answer?.intent ?? null,
  },
  {
    name: 'answer_score',
    type: 'double',
    meaning: 'How sure the bot was, 0 to 1; null for commands and taps.',
    take: ({ answer }) => answer?.score ?? null,
  },
  {
    name: 'answer_outcome',
    type: 'string',
    meaning: 'answered, suggested, fallback, handoff or none; null when no answer was due.',
    take: ({ answer }) => answer?.outcome ?? null,
  },
  {
    name: 'answer_text',
    type: 'string',
    meaning: 'What the bot said.',
    take: ({ answer }) => (typeof answer?.call?.['text'] === 'string' ? answer.call['text'] : null),
  },
  {
    name: 'answer_ms',
    type: 'double',
    meaning: 'Decision time of the bot in milliseconds, without the write.',
    take: ({ answer }) => answer?.ms ?? null,
  },
];

/** What a row of `runs` is made of: one run of one day. */
export interface RunInput {
  readonly day: string;
  readonly stored: number;
  readonly rows: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly late: number;
  /** Unix milliseconds. */
  readonly finishedAt: number;
}

/** Table `runs`: one row per day and run. */
export const RUNS_COLUMNS: readonly Column<RunInput>[] = [
  { name: 'day', type: 'date', meaning: 'Day that was run.', take: (run) => run.day },
  {
    name: 'stored',
    type: 'int64',
    meaning: 'Updates found in the raw layer: rows + duplicates + rejected.',
    take: (run) => run.stored,
  },
  { name: 'rows', type: 'int64', meaning: 'Rows written.', take: (run) => run.rows },
  {
    name: 'duplicates',
    type: 'int64',
    meaning: 'Updates stored more than once, beyond the first.',
    take: (run) => run.duplicates,
  },
  {
    name: 'rejected',
    type: 'int64',
    meaning: 'Updates that could not be read and lie in rejected/.',
    take: (run) => run.rejected,
  },
  {
    name: 'late',
    type: 'int64',
    meaning: 'Rows received after the day had ended.',
    take: (run) => run.late,
  },
  {
    name: 'finished_at',
    type: 'timestamp',
    meaning: 'When the run finished, UTC.',
    take: (run) => run.finishedAt,
  },
];
