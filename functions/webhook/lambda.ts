import { readFileSync } from 'node:fs';
import process from 'node:process';

import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';

import { FOREVER, cached } from '../../src/aws/cached.ts';
import { clientSettings } from '../../src/aws/clientSettings.ts';
import { readFunctionEnvironment, requireVariable } from '../../src/aws/functionEnvironment.ts';
import { mapStacks } from '../../src/aws/mapStacks.ts';
import { ssmParameters } from '../../src/aws/parameters.ts';
import { createTelemetry } from '../../src/aws/telemetry.ts';
import { type Bot, createBot } from '../../src/bot/bot.ts';
import { unpackIndex } from '../../src/bot/bundledIndex.ts';
import { unpackKnowledge } from '../../src/bot/bundledKnowledge.ts';
import type { BotIdentity } from '../../src/bot/identity.ts';
import { matchBy } from '../../src/bot/ngramMatcher.ts';
import { type Lake, openLake } from '../../src/lake/lake.ts';
import { S3Store } from '../../src/lake/s3Store.ts';
import { createBuffer } from './buffer.ts';
import { createWebhookHandler } from './handler.ts';
import { createWebhookObserver } from './observe.ts';
import { createSecretSource } from './secrets.ts';
import { createTapAnswer } from './tap.ts';

/*
 * The webhook as Lambda runs it: environment, clients and knowledge at module scope, so that they are
 * made once, while the function starts. What it does is in handler.ts, which needs no AWS.
 */

/** Milliseconds: three tries end before the function's time does. */
const ANSWER_TIMEOUT = 2_500;

/** Milliseconds: two tries leave the time to store an update directly. */
const BUFFER_TIMEOUT = 750;

/** What the bot takes itself for while nobody said who it is: private chats need no name. */
const NOBODY: BotIdentity = { id: 0, username: '-' };

mapStacks(import.meta.url);

const { config, rawBucket, enrichedBucket } = readFunctionEnvironment(process.env);
const client = new S3Client(clientSettings(ANSWER_TIMEOUT));
const lake: Lake = {
  raw: new S3Store({ client, bucket: rawBucket }),
  enriched: new S3Store({ client, bucket: enrichedBucket }),
  zone: config.zone,
};
const opened = cached(() => openLake(lake), FOREVER);

const { get: read } = ssmParameters(new SSMClient(clientSettings(ANSWER_TIMEOUT)));
const secret = createSecretSource(requireVariable(process.env, 'CHATBOT_SECRET_PARAMETER'), read);

/** A file of the bundle. */
const bundled = (name: string): Buffer => readFileSync(new URL(name, import.meta.url));
const knowledge = unpackKnowledge(bundled('knowledge.json').toString('utf8'));
const matcher = matchBy(unpackIndex(bundled('questions.bin')));
let bot: Bot | undefined;

/** Set where updates are buffered. */
const queueUrl = process.env['CHATBOT_QUEUE_URL'];
const queue = { ...clientSettings(BUFFER_TIMEOUT), maxAttempts: 2 };

const telemetry = createTelemetry('webhook', config.stage);

const handle = createWebhookHandler({
  lake,
  secrets: async (isKnown) => {
    const [known] = await Promise.all([secret.forRequest(isKnown), opened.get()]);
    const identity = config.bot ?? known.bot ?? NOBODY;
    if (bot?.identity.id !== identity.id) {
      bot = createBot({ ...config, knowledge, matcher, identity });
    }
    return known;
  },
  bot: { decide: (input) => bot?.decide(input) ?? null },
  chats: config,
  source: 'telegram',
  buffer: queueUrl === undefined ? undefined : createBuffer(new SQSClient(queue), queueUrl),
  observe: createWebhookObserver(telemetry),
  answerCallback: createTapAnswer({
    tokenName: requireVariable(process.env, 'CHATBOT_TOKEN_PARAMETER'),
    read,
    baseUrl: process.env['CHATBOT_TELEGRAM_API'],
  }),
});

// While the function starts it has a whole processor. What fails here is tried again, and said, at
// the first request.
await Promise.allSettled([secret.get(), opened.get()]);

/** `POST /telegram`, see createWebhookHandler. */
export async function handler(event: Parameters<typeof handle>[0]): ReturnType<typeof handle> {
  try {
    return await handle(event);
  } finally {
    telemetry.flush();
  }
}
