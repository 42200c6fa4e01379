import { type ColumnType, PARTITION, TELEGRAM_COLUMNS } from '../lake/columns.ts';

/** A column of a view. */
interface ViewColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly meaning: string;
}

/** A view of the lake, which `sql/views/<name>.sql` makes, with the columns that its query gives. */
export interface ViewInfo {
  readonly name: string;
  readonly description: string;
  readonly columns: readonly ViewColumn[];
}

const ALL_COLUMNS: readonly ViewColumn[] = [
  ...TELEGRAM_COLUMNS.map(({ name, type, meaning }) => ({ name, type, meaning })),
  { name: PARTITION, type: 'date', meaning: "The day, in the lake's zone." },
];

/**
 * The views. Athena wants their columns beside their queries; a test asks DuckDB whether these are
 * they.
 */
export const VIEWS: readonly ViewInfo[] = [
  {
    name: 'messages',
    description: 'What every analysis counts: messages written by people, as they arrived',
    columns: ALL_COLUMNS,
  },
  {
    name: 'latest_messages',
    description: 'Each message as it reads now; for reading, since it looks at all days',
    columns: ALL_COLUMNS,
  },
  {
    name: 'sessions',
    description: 'Messages of one person in one chat, each at most 30 minutes after the one before',
    columns: [
      { name: 'chat_id', type: 'int64', meaning: 'Where.' },
      { name: 'user_id', type: 'int64', meaning: 'Who.' },
      { name: PARTITION, type: 'date', meaning: "The day on which it began, in the lake's zone." },
      { name: 'started_at', type: 'timestamp', meaning: "First message, in the lake's zone." },
      { name: 'ended_at', type: 'timestamp', meaning: "Last message, in the lake's zone." },
      { name: 'message_amount', type: 'int64', meaning: 'Messages in it.' },
      { name: 'duration', type: 'int64', meaning: 'From the first to the last, seconds.' },
    ],
  },
  {
    name: 'users',
    description: 'Everybody who ever did anything here; it looks at all days',
    columns: [
      { name: 'user_id', type: 'int64', meaning: 'Who.' },
      { name: 'first_seen', type: 'timestamp', meaning: "First event, in the lake's zone." },
      { name: 'last_seen', type: 'timestamp', meaning: "Last event, in the lake's zone." },
    ],
  },
];
