import * as z from 'zod';

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
const chatId = z.int('is the number of a chat');

/** Which chats are ours: all, all private ones, or exactly these. */
const chatsSchema = z.union([z.enum(['any', 'private']), z.array(chatId).min(1)], {
  error: 'is "any", "private" or a list of chat ids',
});

/** How long CloudWatch Logs can keep a log group's entries, in days. */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
] as const;

/** Where Telegram's webhook requests come from: https://core.telegram.org/bots/webhooks */
const TELEGRAM_NETWORKS = ['149.154.160.0/20', '91.108.4.0/22'];

/** Account number of the AWS emulators: as long as none is set, no real account takes the stack. */
const EMULATED_ACCOUNT = '000000000000';

/** What AWS keeps for itself: parameters may not begin so, or buckets. */
const RESERVED_PROJECT = /^(amzn-s3-demo-|aws|ssm|sthree-|xn--)/;

const HOUR = 'is a whole hour from 0 to 23';

/** Updates that a Lambda can read in its quarter of an hour, and hold the numbers of. */
const MOST_PER_SHARD = 5_000_000;
const SHARD = `is a whole number from 1 to ${MOST_PER_SHARD}`;

/** Iterations of a Map that Step Functions runs at a time in one execution. */
const MOST_AT_ONCE = 40;
const AT_ONCE = `is a whole number from 1 to ${MOST_AT_ONCE}`;

const retentionDays = z.int('is a whole number of days').min(1, 'is 1 day or more');

/** All settings, each by itself. */
const settings = z.strictObject({
  /** Prefix of every resource's name. */
  project: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,30}$/, 'is 2 to 31 of a-z, 0-9 and "-", starting with a letter')
    .refine(
      (name) => !RESERVED_PROJECT.test(name),
      'is a name that does not start with aws, ssm, xn--, sthree- or amzn-s3-demo-: AWS keeps those',
    )
    .default('chatbot'),
  /** One of several stacks beside each other in one account. Names of buckets have 63 characters. */
  stage: z
    .string()
    .regex(/^[a-z][a-z0-9]{0,8}$/, 'is 1 to 9 of a-z and 0-9, starting with a letter')
    // The stack that exists once per account has this name, and a state under it.
    .refine((name) => name !== 'bootstrap', 'is any other name: that one is taken')
    .default('dev'),
  /** AWS account that the stack belongs to: no other one takes it. */
  account: z
    .string('is 12 digits, in quotes')
    .regex(/^\d{12}$/, 'is 12 digits')
    .default(EMULATED_ACCOUNT),
  /** AWS region. The default is the cheapest, and nearer to Telegram's servers than São Paulo. */
  region: z
    .string()
    // China has a partition of its own, and no Telegram.
    .regex(/^(?!cn-)[a-z]{2}-[a-z]+-\d$/, 'is a region of AWS such as us-east-1 or sa-east-1')
    .default('us-east-1'),
  /** IANA time zone of the lake: decides each message's day. Fixed once a lake is made. */
  zone: z
    .string()
    .refine(isZone, 'is an IANA time zone such as America/Sao_Paulo')
    .default('America/Sao_Paulo'),
  /** Language the bot speaks when it cannot tell the customer's, and of the titles in Athena. */
  language: z.enum(['pt', 'en'], 'is "pt" or "en"').default('pt'),
  /** Whose updates are stored and answered. */
  chats: chatsSchema.default('private'),
  /** Chat of the business's owner: always admitted. */
  ownerChat: chatId.optional(),
  /** Chats of the staff: always admitted. */
  staffChats: z.array(chatId).readonly().default([]),
  /** Who the bot is, so that it knows in groups when it is meant. Telegram is asked otherwise. */
  bot: z
    .strictObject(
      {
        id: z.int('is a number').min(1, 'is the number before the colon of the token'),
        username: z
          .string('is a text')
          .regex(/^[A-Za-z]\w{3,31}$/, "is the bot's name on Telegram, without @"),
      },
      'has an id and a username',
    )
    .optional(),
  /**
   * How updates reach the raw layer on AWS: one object each, at once; or by a queue, many to an object.
   * `draining` is the way back from the queue: nothing new enters it, until it is empty.
   */
  ingest: z
    .enum(['direct', 'buffered', 'draining'], 'is "direct", "buffered" or "draining"')
    .default('direct'),
  /** Messages per minute and chat that are answered; beyond, they are only recorded. */
  floodPerMinute: z.int().min(1).default(20),
  /** IPv4 networks that may call the webhook. */
  networks: z
    .array(z.cidrv4('is a list of IPv4 networks such as 149.154.160.0/20'), 'is a list of networks')
    .min(1, 'is a list of one IPv4 network or more')
    .readonly()
    .default(TELEGRAM_NETWORKS),
  /** Updates that one run of the ETL takes; a day that has more is written in shards. */
  updatesPerShard: z.int(SHARD).min(1, SHARD).max(MOST_PER_SHARD, SHARD).default(1_000_000),
  /** Shards that run at a time on AWS. */
  shardsAtOnce: z.int(AT_ONCE).min(1, AT_ONCE).max(MOST_AT_ONCE, AT_ONCE).default(5),
  /** Days after which the raw layer's objects expire: days as old as this are never shrunk. */
  rawRetentionDays: retentionDays.default(365),
  /** Days after which the Parquet files expire. */
  enrichedRetentionDays: retentionDays.default(3650),
  /** Days after which results of queries expire. */
  resultsRetentionDays: retentionDays.default(30),
  /** Days that logs are kept. */
  logRetentionDays: z
    .literal(LOG_RETENTION_DAYS, `is one of ${LOG_RETENTION_DAYS.join(', ')}`)
    .default(365),
  /** Whose key encrypts: the customer's own (a dollar a month) or the one that AWS services manage. */
  encryption: z.enum(['customer', 's3'], 'is "customer" or "s3"').default('customer'),
  /** Who is told when something is wrong. */
  alarmEmail: z.email('is an e-mail address').optional(),
  /** Hour of the daily run, in the lake's zone. */
  dailyRunHour: z.int(HOUR).min(0, HOUR).max(23, HOUR).default(1),
  /** Hour of the owner's daily digest, in the lake's zone; absent: none is sent. */
  digestHour: z.int(HOUR).min(0, HOUR).max(23, HOUR).optional(),
  /** Another schedule in the place of the daily one, for trials. */
  schedule: z
    .string()
    .regex(
      /^(rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)|cron\((\S+ ){5}\S+\))$/,
      'is a schedule of EventBridge such as rate(1 minute), rate(5 minutes) or cron(0 4 * * ? *)',
    )
    .optional(),
  /** Bucket that holds Terraform's state; without one it lies in a file beside cdktf.json. */
  stateBucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is the name of a bucket')
    .optional(),
  /** GitHub repository whose workflows may plan and deploy; read by the bootstrap stack. */
  repository: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/, 'is a repository of GitHub: owner/name')
    .optional(),
  /** Whether the bootstrap makes the account's identity provider for GitHub, or finds one there. */
  githubProvider: z.enum(['make', 'existing'], 'is "make" or "existing"').default('make'),
});

/** All settings of the program, for both homes (AWS and one machine). */
export const configSchema = settings.superRefine((config, context) => {
  const { digestHour, dailyRunHour, ownerChat } = config;
  if (digestHour === undefined) return;
  const complain = (message: string): void => {
    context.addIssue({ code: 'custom', path: ['digestHour'], message });
  };
  if (ownerChat === undefined) {
    complain("needs ownerChat, the id of the owner's chat: that is where the digest goes");
  }
  if (digestHour <= dailyRunHour) {
    complain(`is later than dailyRunHour (${dailyRunHour}): by then yesterday is in the table`);
  }
});

/** The settings, complete and checked. */
export type Config = z.infer<typeof configSchema>;

/** The languages that the bot and the page speak. */
export type Language = Config['language'];
