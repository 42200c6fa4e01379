/**
 * Counts what the functions ask of AWS, and writes what a stage costs a month to docs/costs.md.
 * `npm run bench:cost`.
 */
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { format, resolveConfig } from 'prettier';

import { LAMBDA_NODE } from '../processes.ts';
import { type Counted, count } from './counted.ts';
import { type Charged, PRICED, PRICES, type Usage, priceOf } from './prices.ts';
import { readStack } from './stackFacts.ts';
import { ASSUMED, type Setup, usageOf } from './usage.ts';

/** Messages a day, and how they are called. */
const VOLUMES: readonly (readonly [messages: number, name: string])[] = [
  [100, '100 a day'],
  [1_000, '1,000 a day'],
  [1e6 / 30, 'a million a month'],
  [1e6, 'a million a day'],
];

/** What a stage can be set up as. */
interface Variant extends Setup {
  readonly name: string;
}

const CHARGED = Object.keys(PRICES) as Charged[];

const dollars = (amount: number): string =>
  amount >= 100 ? amount.toFixed(0) : amount.toFixed(amount > 0 && amount < 0.1 ? 3 : 2);

const totalOf = (usage: Usage, withFree: boolean): number =>
  CHARGED.reduce((sum, charged) => sum + priceOf(charged, usage[charged], withFree), 0);

/** What a variant costs at each volume, line by line. */
function table(counted: Counted, variant: Variant): string {
  const usages = VOLUMES.map(([messages]) => usageOf(messages, counted, variant));
  const line = (name: string, amounts: readonly number[]): string =>
    `| ${name} | ${amounts.map(dollars).join(' | ')} |`;
  const lines = CHARGED.flatMap((charged) => {
    const { service, dollars: price, per } = PRICES[charged];
    const amounts = usages.map((usage) => priceOf(charged, usage[charged], false));
    return amounts.every((amount) => amount === 0)
      ? []
      : [line(`${service}: ${price} $ per ${per}`, amounts)];
  });
  const all = usages.map((usage) => totalOf(usage, false));
  const rest = usages.map((usage) => totalOf(usage, true));
  return [
    `| $ a month | ${VOLUMES.map(([, name]) => name).join(' | ')} |`,
    `|---|${'--:|'.repeat(VOLUMES.length)}`,
    ...lines,
    line('**all of it, with nothing free**', all),
    line(
      'of which every account has free',
      all.map((amount, n) => amount - (rest[n] ?? 0)),
    ),
    line('**to pay**', rest),
  ].join('\n');
}

/** A target, and what came of it with nothing free and with what every account has free. */
function target(name: string, most: number, [plain, free]: readonly [number, number]): string {
  const met =
    plain <= most ? 'met, with nothing free' : free <= most ? 'met, by what is free' : '**missed**';
  return `| ${name} | ≤ ${most.toFixed(2)} | ${plain.toFixed(2)} | ${free.toFixed(2)} | ${met} |`;
}

/** What has no target, beside what has. */
function aside(name: string, sums: readonly [number, number]): string {
  return `| ${name} | | ${sums.map((sum) => sum.toFixed(2)).join(' | ')} | |`;
}

function numbers(record: Readonly<Record<string, number>>): string {
  const shown = Object.entries(record).filter(([, value]) => Math.abs(value) > 1e-6);
  return shown.map(([kind, value]) => `${Number(value.toFixed(4))} ${kind}`).join(', ') || 'none';
}

const settings = { CHATBOT_ALARM_EMAIL: 'owner@example.org' };
const digest = { CHATBOT_OWNER_CHAT: '5', CHATBOT_DIGEST_HOUR: '8' };
const full: Variant = {
  name: 'A key of one’s own, alarms by mail, dashboard, and the owner’s digest each day',
  stack: await readStack({ ...settings, ...digest }),
  ingest: 'direct',
  hasDigest: true,
};
const usual: Variant = {
  name: 'As it comes: a key of one’s own, alarms by mail, dashboard',
  stack: await readStack(settings),
  ingest: 'direct',
  hasDigest: false,
};
const lean: Variant = {
  name: 'Without a key of one’s own and without the digest',
  stack: await readStack({ ...settings, CHATBOT_ENCRYPTION: 's3' }),
  ingest: 'direct',
  hasDigest: false,
};
const buffered: Variant = {
  name: 'Buffered: a key of one’s own, alarms by mail, dashboard',
  stack: await readStack({ ...settings, CHATBOT_INGEST: 'buffered' }),
  ingest: 'buffered',
  hasDigest: false,
};
const bufferedFull: Variant = {
  name: 'Buffered, with the owner’s digest',
  stack: await readStack({ ...settings, ...digest, CHATBOT_INGEST: 'buffered' }),
  ingest: 'buffered',
  hasDigest: true,
};
const counted = await count();

const costs = (messages: number, variant: Variant): [number, number] => {
  const usage = usageOf(messages, counted, variant);
  return [totalOf(usage, false), totalOf(usage, true)];
};
/** What a million messages a month more cost, when there are so many millions already. */
const extraMillion = (variant: Variant, millions: number): [number, number] => {
  const more = costs(((millions + 1) * 1e6) / 30, variant);
  const before = costs((millions * 1e6) / 30, variant);
  return [more[0] - before[0], more[1] - before[1]];
};
const { update, start, writtenDay, unchangedDay, batch } = counted;
const page = [
  '# What it costs',
  '```bash\nnpm run bench:cost\n```',
  `Written by the command above: US dollars a month of 30 days, by AWS's list prices of ${PRICED.region} in ${PRICED.month} (each with its source in [\`bench/cost/prices.ts\`](../bench/cost/prices.ts)), without taxes and without what new accounts have free for a while. No bill of AWS's was ever seen.`,
  `**Counted**: what the stack holds, from the \`cdk.tf.json\` that \`cdktf deploy\` applies; and requests and bytes of the functions' bundles, run on Node ${LAMBDA_NODE.version.replace('v', '')} against MiniStack with a proxy in between that counts (Athena and the Bot API are stand-ins). **Assumed**, because no emulator tells it: how long calls take, what AWS's services do among themselves, how a day's messages fall, and that storage is as full as after a year. All of that stands in [\`bench/cost/usage.ts\`](../bench/cost/usage.ts).`,
  '## Targets',
  [
    '| | target | with nothing free | with what every account has free, for good | |',
    '|---|--:|--:|--:|---|',
    target('1,000 messages a day, as it comes', 1.5, costs(1_000, usual)),
    target('… and a digest each day', 1.5, costs(1_000, full)),
    target('1,000 messages a day, without a key', 0.3, costs(1_000, lean)),
    target('a second million a month, buffered', 4.7, extraMillion(buffered, 1)),
    aside('… a thirtieth', extraMillion(buffered, 29)),
    aside('a second million a month, direct', extraMillion(usual, 1)),
    aside('1,000 messages a day, buffered, which is for more than that', costs(1_000, buffered)),
    aside('… and a digest each day', costs(1_000, bufferedFull)),
  ].join('\n'),
  `The digest asks Athena ${counted.digest.queries} times over ${Math.round(counted.digest.queriedDays / counted.digest.queries)} days each, and each day of each query is a listing of S3: that is what it costs. The dashboard alone costs 3 $ where an account has more than three of them, so none of the first three is met with nothing free.`,
  'What every account has free each month is counted as if this stage had it to itself: ten alarms and custom metrics, three dashboards, 5 GB of logs, a million calls of Lambda and 400,000 GB-seconds, a million requests of SQS, 20,000 of KMS, 1,000 mails, 100 GB of data out. A second stage in the account shares them.',
  ...[usual, full, lean, buffered].flatMap((variant) => [
    `## ${variant.name}`,
    table(counted, variant),
  ]),
  'A key that rotates each year costs a dollar more from its first rotation on, and another from its second; this one rotates every seven years, which is as long as AWS lets it be.',
  '## What was counted',
  [
    '| | requests | bytes |',
    '|---|---|---|',
    `| a start of the webhook | ${numbers(start)} | |`,
    ...(['direct', 'buffered'] as const).map((ingest) => {
      const { requests, logBytes, answerBytes } = update[ingest];
      return `| an update, ${ingest} | ${numbers(requests)} | ${Math.round(logBytes)} of log, ${Math.round(answerBytes)} of answer |`;
    }),
    `| a batch of the writer's | ${numbers(batch.requests)} | ${Math.round(batch.logBytes)} of log, ${Math.round(batch.messageBytes)} a message |`,
    `| a day that is written | ${numbers(writtenDay.fixed)} | ${Math.round(counted.rowBytes)} a row |`,
    `| each of its objects | ${numbers(writtenDay.perObject)} | ${Math.round(counted.objectBytes)} an object |`,
    `| a day that is as it was | ${numbers(unchangedDay.fixed)} | |`,
    `| each of its objects | ${numbers(unchangedDay.perObject)} | |`,
    `| a digest | ${numbers(counted.digest.requests)}; ${counted.digest.queries} queries over ${counted.digest.queriedDays} days in all | ${Math.round(counted.digest.reportBytes / 1000)} kB of report |`,
  ].join('\n'),
  `Custom metrics, each written in one hour of a day: ${counted.dailyMetrics.join(', ')}. Others are written when something went wrong.`,
  `Assumed: a call of the webhook takes ${ASSUMED.webhookMs} ms and a start ${ASSUMED.startMs} ms, which follows a pause of ${ASSUMED.idleMinutes} minutes (messages come at any time of the day); the ETL ${ASSUMED.etlMs / 1000} s and ${ASSUMED.etlMsPerObject} ms for each object; S3 logs ${ASSUMED.s3LogBytes} bytes for each request; Lambda asks the queue 15 times a minute, and ten messages at once when there are many; services ask for the key's data key once in five minutes that have work; Athena asks S3 for a listing and ${ASSUMED.athenaReads} reads for each day of a query.`,
  '## What was left out to get there',
  "- Traces of X-Ray: 5 $ a million, as much as S3's PUTs.\n- The API's metrics by method, 0.30 $ each: those of the stage are free and say the same.\n- A custom metric of stored updates, 0.30 $: the API counts its requests for nothing.\n- START, END and REPORT of each call in the logs; the fields of the access log that its time and name tell.\n- One alarm for what the webhook throws and another for what it cannot store: both are 5xx of the API.",
].join('\n\n');

const path = fileURLToPath(new URL('../../docs/costs.md', import.meta.url));
writeFileSync(path, await format(page, { ...(await resolveConfig(path)), parser: 'markdown' }));
process.stderr.write('Written to docs/costs.md.\n');
