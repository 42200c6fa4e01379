/**
 * The HTTP API between the one-machine server and its page: the only thing they share. Paths stand
 * under `/api`; every error is an `ApiError` with a 4xx or 5xx status.
 */

export type LakeId = 'own' | 'sample';
export type Language = 'en' | 'pt';

/** Body of every error response. */
export interface ApiError {
  /** What happened, in English, for people. */
  readonly error: string;
  /** What to do about it. */
  readonly remedy?: string;
  /** Where in a query the mistake stands, both from 1. */
  readonly place?: { readonly line: number; readonly column: number };
}

/** How fresh a lake is. */
export interface LakeStatus {
  readonly id: LakeId;
  readonly zone: string;
  /** Today in the lake's zone, YYYY-MM-DD. */
  readonly today: string;
  /** ISO 8601 UTC; null in an empty lake. */
  readonly lastMessageAt: string | null;
  /** Last day that has a Parquet file, YYYY-MM-DD. */
  readonly lastClosedDay: string | null;
  /** When that file was written, ISO 8601 UTC. */
  readonly lastClosedAt: string | null;
  /** Raw objects of today that the last closing of today has not seen. */
  readonly openUpdates: number;
}

/** GET /status */
export interface Status {
  readonly language: Language;
  readonly lakes: Readonly<Record<LakeId, LakeStatus>>;
  readonly bot:
    | { readonly mode: 'simulator'; readonly username: string }
    | { readonly mode: 'telegram'; readonly username: string }
    | { readonly mode: 'problem'; readonly problem: string; readonly remedy: string };
  /** What a person may type after `/`, without the slash. */
  readonly commands: readonly {
    readonly command: string;
    readonly description: Readonly<Record<Language, string>>;
  }[];
  /** The engine that answers now, with its thresholds: see `Matcher`. */
  readonly matcher: { readonly engine: string; readonly sure: number; readonly possible: number };
}

/** Somebody one can be in the simulator, or who wrote in the lake. */
export interface Person {
  readonly id: number;
  readonly firstName: string;
  readonly username: string | null;
  readonly languageCode: string | null;
}

/** A chat of the lake or of the simulator, most recently active first. */
export interface Chat {
  readonly id: number;
  readonly type: 'channel' | 'group' | 'private' | 'supergroup';
  /** Title of a group, first name of a person. */
  readonly title: string;
  /** Who one can be here; the first is the default. Empty: a chat to read only. */
  readonly people: readonly Person[];
  /** Last line of the conversation, as plain text. */
  readonly lastText: string | null;
  /** ISO 8601 UTC. */
  readonly lastAt: string | null;
}

/** GET /lakes/:lake/chats */
export interface ChatList {
  readonly chats: readonly Chat[];
}

/** An inline button under a message. */
export interface Button {
  readonly text: string;
  readonly data: string;
}

/** Where an update lies in the raw layer. */
export interface RecordRef {
  readonly key: string;
  /** 0-based line of an NDJSON object; 0 for single objects. */
  readonly line: number;
}

/** One bubble or service line of a conversation. */
export interface Entry {
  /** Stable within the conversation. */
  readonly id: string;
  readonly by: 'bot' | 'person' | 'service';
  /** Message number in the chat; null where none is known (service lines). */
  readonly messageId: number | null;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly author: Person | null;
  /**
   * Text, caption, or a sticker's emoji; of a tapped button its label; of another service line what
   * happened in English words such as "joined".
   */
  readonly text: string | null;
  /** The Bot API's field name: text, photo, sticker, callback_query, … */
  readonly contentType: string;
  /** The last edit and the update that brought it. */
  readonly edit: { readonly at: string; readonly record: RecordRef } | null;
  /** Reactions that stand on the message, each with the update that set it. */
  readonly reactions: readonly { readonly emoji: string; readonly record: RecordRef }[];
  readonly replyTo: { readonly messageId: number; readonly text: string | null } | null;
  readonly buttons: readonly (readonly Button[])[];
  /** Update behind this entry; for a bot's entry, the update that it answers. */
  readonly record: RecordRef;
}

/** GET /lakes/:lake/chats/:chat/entries: the last 200, oldest first */
export interface Conversation {
  readonly entries: readonly Entry[];
}

/**
 * GET /lakes/:lake/chats/:chat/around?key=&line=&before=&after=: what was said around an update,
 * however old, oldest first
 */
export interface ConversationAround extends Conversation {
  /** The chat as it was then. */
  readonly chat: Chat;
  /** Whether more was said before and after these. */
  readonly earlier: boolean;
  readonly later: boolean;
}

/**
 * GET /lakes/:lake/chats/:chat/find?day=&update=: where an update of the table lies; with `time` (on
 * the lake's wall clock) in place of `update`, the first message from then on
 */
export interface FoundRecord {
  readonly record: RecordRef;
}

/** POST /lakes/:lake/chats/:chat/actions: what a person does in the simulator */
export type Action = { readonly personId: number } & (
  | { readonly type: 'text'; readonly text: string; readonly replyToMessageId?: number }
  | { readonly type: 'photo'; readonly caption?: string }
  | { readonly type: 'sticker'; readonly emoji: string }
  | { readonly type: 'edit'; readonly messageId: number; readonly text: string }
  | { readonly type: 'tap'; readonly messageId: number; readonly data: string }
  | { readonly type: 'react'; readonly messageId: number; readonly emoji: string }
  | { readonly type: 'join' }
  | { readonly type: 'leave' }
);

/** Answer to an action */
export interface ActionResult {
  /** HTTP status that the webhook gave. */
  readonly status: number;
  /** null when the update was not stored (its chat is not ours). */
  readonly record: RecordRef | null;
}

/** GET /lakes/:lake/record?key=&line=: what happened to one update */
export interface RecordDetails {
  readonly ref: RecordRef;
  /** Bytes of the raw object. */
  readonly size: number;
  /** The stored line, verbatim. */
  readonly json: string;
  readonly updateId: number;
  readonly updateType: string;
  readonly contentType: string | null;
  readonly answer: {
    readonly outcome: string;
    readonly intent: string | null;
    /** Title of the topic in both languages, when the intent is a topic. */
    readonly title: Readonly<Record<Language, string>> | null;
    readonly score: number | null;
    /** What the bot says; null when it says nothing. */
    readonly text: string | null;
    readonly candidates: readonly {
      readonly intent: string;
      readonly title: Readonly<Record<Language, string>> | null;
      readonly score: number;
    }[];
    readonly engine: string;
    readonly ms: number;
  } | null;
  readonly day: string;
  /** Row of the day's Parquet file, column by column in order; null while the day has not been closed with it. */
  readonly row: readonly RowCell[] | null;
  readonly parquetKey: string;
}

/** One column's value of a row. */
export interface RowCell {
  readonly name: string;
  readonly type: string;
  readonly meaning: string;
  readonly value: boolean | number | string | null;
}

/** A column of an analysis, as its file's header declares it. */
export interface AnalysisColumn {
  readonly name: string;
  /** Athena's type. */
  readonly type: string;
  /** Title for people, in both languages. */
  readonly title: Readonly<Record<Language, string>>;
  readonly unit: string | null;
}

/** How an analysis is best drawn. */
export interface ChartSpec {
  readonly kind: 'bar' | 'heatmap' | 'line' | 'ranking' | 'stacked-bar' | 'table' | 'tiles';
  /** Column along the axis, the labels of a ranking; absent in tiles and in a table. */
  readonly x?: string;
  /** Columns drawn: one or more numbers; in a heat map the one column of its rows. */
  readonly y: readonly string[];
  /** Column that splits the data into series, or the heat map's value. */
  readonly series?: string;
}

/** Parts of the dashboard and the report, in their order. */
export type Section = 'activity' | 'people' | 'questions' | 'bot' | 'quality';

/** What an analysis can be narrowed to, besides its period. */
export type Filter = 'chats' | 'topics';

/** One analysis, as its file in `sql/` declares it. */
export interface AnalysisInfo {
  readonly name: string;
  readonly title: Readonly<Record<Language, string>>;
  readonly question: Readonly<Record<Language, string>>;
  readonly section: Section;
  readonly columns: readonly AnalysisColumn[];
  readonly chart: ChartSpec;
  /** Filters that the file has a mark for; the others leave it as it is. */
  readonly filters: readonly Filter[];
  /** What lies behind a row: see `RowsBehind`; null where nothing does. */
  readonly rows: {
    readonly of: string;
    /** Columns of the result that say which rows. */
    readonly by: readonly string[];
    /** Numbers that count other rows than their neighbours. */
    readonly numbers: readonly string[];
  } | null;
  /** The file as it is pasted into Athena. */
  readonly sql: string;
}

/** GET /analyses, in their order */
export interface AnalysisList {
  readonly analyses: readonly AnalysisInfo[];
}

/** A value of a result: days are `YYYY-MM-DD`, moments `YYYY-MM-DDTHH:MM:SS[.sss]`. */
export type ResultValue = boolean | number | string | null;

/** Rows of a query. */
export interface ResultRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly ResultValue[])[];
}

/**
 * GET /lakes/:lake/analyses/:name?from=&to=&chats=&topics=&compare=
 *
 * `from` and `to` are days, both included (without them the file's own 90 days); `chats` are ids and
 * `topics` intents, separated by commas; `compare=1` adds the period before.
 */
export interface AnalysisResult extends ResultRows {
  /** Wall time of the query, milliseconds. */
  readonly ms: number;
  /** The query as it was run, with period and filters in place. */
  readonly sql: string;
  /** The same over the period of equal length before, when that was asked for. */
  readonly before?: {
    readonly from: string;
    readonly to: string;
    readonly rows: ResultRows['rows'];
  };
}

/**
 * GET /lakes/:lake/analyses/:name/rows?…&at=&number=: the rows behind one row, bar, cell or number
 *
 * The same parameters; `at`, a JSON object with values of columns in `rows.by`; `number`, the column
 * whose number it is.
 */
export interface RowsBehind extends ResultRows {
  /** Athena's types of the columns. */
  readonly types: readonly string[];
  readonly ms: number;
  readonly sql: string;
  /** Whether there are more than these. */
  readonly more: boolean;
}

/** Forms in which a result can be saved. */
export type ExportFormat = 'csv' | 'json' | 'parquet';

/** GET /lakes/:lake/filters?from=&to=: what there is to filter by */
export interface FilterChoices {
  /** Chats with messages in the period, busiest first, then those known otherwise. */
  readonly chats: readonly {
    readonly id: number;
    readonly title: string | null;
    readonly type: string | null;
    /** Messages in the period. */
    readonly messages: number;
  }[];
  /** Topics of the knowledge base and those that the lake's answers name. */
  readonly topics: readonly {
    readonly intent: string;
    /** null for a topic that the knowledge base no longer has, and for commands. */
    readonly title: Readonly<Record<Language, string>> | null;
    /** Questions in the period that it answered. */
    readonly questions: number;
  }[];
}

/** GET /sql: what a query of one's own may read and call */
export interface SqlSchema {
  readonly tables: readonly {
    readonly name: string;
    readonly kind: 'table' | 'view';
    /** What its rows are, in English. */
    readonly description: string;
    readonly columns: readonly {
      readonly name: string;
      /** Athena's name of it. */
      readonly type: string;
      /** One sentence in English. */
      readonly meaning: string;
    }[];
  }[];
  /** Names of the functions that Athena and DuckDB understand alike. */
  readonly functions: readonly string[];
}

/**
 * POST /lakes/:lake/sql {"sql", "limit"}: runs one SELECT in Athena's dialect. What is wrong with it
 * is an error with status 422 and, where it is known, a place. When the request is given up, the
 * query is interrupted.
 *
 * POST /lakes/:lake/sql/export {"sql", "format"}: the whole result as a file
 */
export interface SqlResult extends ResultRows {
  /** Athena's types of the columns. */
  readonly types: readonly string[];
  /** Wall time of the query, milliseconds. */
  readonly ms: number;
  /** Whether there are more rows than these. */
  readonly more: boolean;
}

/** How far a day is: see `LakeDay.state`. */
export type DayState = 'behind' | 'closed' | 'empty' | 'open' | 'provisional';

/** One day of a lake. */
export interface LakeDay {
  readonly day: string;
  /**
   * - `open`: it has raw objects and no Parquet file
   * - `empty`: nothing of it makes a row, so it has no file
   * - `behind`: raw objects have come, gone or changed since its file was written
   * - `provisional`: its file is up to date; Telegram may still deliver updates of it
   * - `closed`: its file is up to date, and the day is over for good
   */
  readonly state: DayState;
  /** Raw objects and their bytes. */
  readonly objects: number;
  readonly rawBytes: number;
  /** Records under `rejected/`. */
  readonly rejected: number;
  /** Messages of the table, as every analysis counts them; null without a file. */
  readonly messages: number | null;
  /** Its Parquet file; null when there is none. */
  readonly file: {
    readonly bytes: number;
    readonly rows: number;
    /** ISO 8601 UTC. */
    readonly writtenAt: string;
  } | null;
}

/** GET /lakes/:lake/days: every day of which the lake holds something, in order */
export interface LakeDays {
  readonly days: readonly LakeDay[];
}

/** What a query reads, and what Athena asks for it. */
export interface ScanCost {
  readonly objects: number;
  readonly bytes: number;
  /** US dollars, list price. */
  readonly dollars: number;
}

/** GET /lakes/:lake/scans?from=&to=: what the course's analyses read of these days */
export interface LakeScans {
  readonly from: string;
  readonly to: string;
  readonly analyses: readonly {
    readonly name: string;
    readonly title: Readonly<Record<Language, string>>;
    /** Columns of `telegram` that it names. */
    readonly columns: readonly string[];
    /** Over the raw JSON, which has to be read whole. */
    readonly raw: ScanCost;
    readonly parquet: ScanCost;
  }[];
}

/** The least and the greatest value of a column in a row group. */
export interface ValueRange {
  readonly min: ResultValue;
  readonly max: ResultValue;
}

/** GET /lakes/:lake/days/:day/file: the day's Parquet file, as its footer describes it */
export interface DayFileDetails {
  readonly key: string;
  /** Files beside it that hold the rows; 0 where it holds them itself. */
  readonly parts: number;
  /** With the parts'. */
  readonly bytes: number;
  /** ISO 8601 UTC. */
  readonly writtenAt: string;
  /** Program that wrote it, as it names itself. */
  readonly createdBy: string | null;
  readonly rows: number;
  readonly rowGroups: readonly {
    readonly rows: number;
    /** As stored. */
    readonly bytes: number;
    /** Before compression. */
    readonly plainBytes: number;
    readonly updateId: ValueRange | null;
    readonly localTime: ValueRange | null;
  }[];
  readonly columns: readonly {
    readonly name: string;
    /** Athena's type. */
    readonly type: string;
    /** One sentence in English; null for a column that this program does not know. */
    readonly meaning: string | null;
    /** Codecs of its parts, usually one. */
    readonly compression: readonly string[];
    /** How its values, and what tells of nulls, are written. */
    readonly encodings: readonly string[];
    readonly bytes: number;
    readonly plainBytes: number;
    /** null where the file does not say. */
    readonly nulls: number | null;
  }[];
  /** Key-value pairs that were written with the file. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** GET /lakes/:lake/days/:day/rows?offset=&limit=: rows of the day's file by update_id */
export interface DayRows extends ResultRows {
  /** Athena's types of the columns. */
  readonly types: readonly string[];
}

/** GET /lakes/:lake/days/:day/runs: rows of the table `runs`, the last run first */
export interface DayRuns {
  readonly runs: readonly {
    readonly stored: number;
    readonly rows: number;
    readonly duplicates: number;
    readonly rejected: number;
    readonly late: number;
    /** ISO 8601 UTC. */
    readonly finishedAt: string;
  }[];
}

/** What an update says, in a line of a list. */
export interface UpdateLine {
  readonly updateId: number;
  readonly updateType: string;
  readonly contentType: string | null;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** The conversation it belongs to; null when to none. */
  readonly chatId: number | null;
  /** Who spoke or acted, by name. */
  readonly author: string | null;
  /** Beginning of its text, caption, or what a tapped button carries. */
  readonly text: string | null;
  /** What the bot did; null when no answer was due. */
  readonly outcome: string | null;
  /** Where it came from. */
  readonly source: 'import' | 'sample' | 'simulator' | 'telegram';
}

/** A line of an object, or an object of one record: an update, or why it is none. */
export type ObjectLine = RecordRef & {
  /** Bytes of the line as it is stored, unpacked. */
  readonly bytes: number;
} & (
    | { readonly update: UpdateLine; readonly problem: null }
    | { readonly update: null; readonly problem: string }
  );

/** A raw object of a day. */
export interface LakeObject {
  readonly key: string;
  /** Bytes as stored. */
  readonly size: number;
  /** ISO 8601 UTC. */
  readonly modified: string;
  /** What it holds; null when it holds many records, one a line. */
  readonly line: ObjectLine | null;
}

/** GET /lakes/:lake/days/:day/objects?offset=&limit=: raw objects of a day in the order of keys */
export interface LakeObjects {
  readonly objects: readonly LakeObject[];
}

/** GET /lakes/:lake/lines?key=&offset=&limit=: records of an object that holds one a line */
export interface ObjectLines {
  readonly lines: readonly ObjectLine[];
  /** How many there are in all. */
  readonly total: number;
}

/** GET /lakes/:lake/line?key=&line=: one record as it is stored */
export interface LineContent {
  readonly line: ObjectLine;
  /** Its text; where it is no UTF-8, with signs in place of what cannot be read. */
  readonly text: string;
  /** Whether more was stored than is shown. */
  readonly isCut: boolean;
}

/** Something that could not be read. */
export interface RejectedRecord {
  /** Of the record under `rejected/`. */
  readonly key: string;
  /** Who refused it; null for an object that is no such record, which somebody else put there. */
  readonly from: 'etl' | 'import' | 'webhook' | null;
  /** Raw object that it was read from; null for what the webhook refused. */
  readonly sourceKey: string | null;
  /** 0-based; null when it is the whole object, or a request's body. */
  readonly line: number | null;
  /** In English. */
  readonly reason: string;
  /** ISO 8601 UTC; null where nothing tells. */
  readonly receivedAt: string | null;
  /** Bytes that are kept of it. */
  readonly bytes: number;
}

/** GET /lakes/:lake/days/:day/rejected?offset=&limit= */
export interface RejectedRecords {
  readonly records: readonly RejectedRecord[];
  readonly total: number;
}

/** GET /lakes/:lake/rejected?key=: what could not be read, with its bytes */
export interface RejectedDetails {
  readonly record: RejectedRecord;
  readonly body: {
    /** Its text; where it is no UTF-8, with signs in place of what cannot be read. */
    readonly text: string;
    readonly isText: boolean;
    /** Whether there is more than is shown. */
    readonly isCut: boolean;
  };
  /** Why it cannot be mended in a text field: it is cut off, or packed; null when it can. */
  readonly notMendable: 'cut' | 'packed' | null;
}

/**
 * POST /lakes/:lake/replay {"day"} or {"key", "body"?}: brings back what was rejected on a day, or
 * one record, mended where there is a body
 */
export interface ReplayResult {
  readonly replayed: readonly {
    /** Key that the record had. */
    readonly key: string;
    readonly day: string;
    readonly rawKey: string;
  }[];
  readonly failed: readonly { readonly key: string; readonly reason: string }[];
  readonly runs: readonly CloseResult[];
  /** Days whose run failed. */
  readonly failures: readonly { readonly day: string; readonly error: string }[];
}

/** POST /lakes/:lake/close {"day"?}: runs the ETL of a day, today when none is named */
export interface CloseResult {
  readonly day: string;
  /**
   * `kept`: raw objects are gone, so the file was left alone; see `reason`. `started` is of AWS alone:
   * there, days that are too large for one function are handed on.
   */
  readonly status: 'empty' | 'kept' | 'started' | 'unchanged' | 'written';
  readonly reason?: string;
  readonly stored: number;
  readonly rows: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly parquetKey: string;
  readonly bytes: number;
  readonly ms: number;
}

/** GET /lakes/:lake/events: server-sent events, one JSON object each */
export type LakeEvent =
  | { readonly type: 'update'; readonly chatId: number | null; readonly record: RecordRef }
  | { readonly type: 'closed'; readonly day: string };
