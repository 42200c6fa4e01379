/** A list price, in US dollars. */
interface Price {
  /** Whose line of the bill it is. */
  readonly service: string;
  readonly dollars: number;
  /** What it buys. */
  readonly per: string;
  /** How much of it is in one: prices of a million requests have 1e6. */
  readonly units: number;
  /** What every account has free each month, for good; not what new accounts have for a while. */
  readonly free?: number;
  /** Where it stands. */
  readonly source: string;
}

/** The region and the month of the prices. */
export const PRICED = { region: 'us-east-1', month: 'November 2026' } as const;

const APIGATEWAY = 'https://aws.amazon.com/api-gateway/pricing/';
const ATHENA = 'https://aws.amazon.com/athena/pricing/';
const CLOUDWATCH = 'https://aws.amazon.com/cloudwatch/pricing/';
const DATA = 'https://aws.amazon.com/ec2/pricing/on-demand/';
const KMS = 'https://aws.amazon.com/kms/pricing/';
const LAMBDA = 'https://aws.amazon.com/lambda/pricing/';
const S3 = 'https://aws.amazon.com/s3/pricing/';
const SNS = 'https://aws.amazon.com/sns/pricing/';
const SQS = 'https://aws.amazon.com/sqs/pricing/';

const MILLION = 1e6;
const GIGABYTE = 2 ** 30;

/** All that a stage of ours is charged for, in the order of the bill. */
export const PRICES = {
  apiRequests: {
    service: 'API Gateway',
    dollars: 3.5,
    per: 'million requests of a REST API',
    units: MILLION,
    source: APIGATEWAY,
  },
  lambdaRequests: {
    service: 'Lambda',
    dollars: 0.2,
    per: 'million calls',
    units: MILLION,
    source: LAMBDA,
    free: MILLION,
  },
  lambdaGigabyteSeconds: {
    service: 'Lambda',
    dollars: 0.0000133334,
    per: 'GB-second, arm64',
    units: 1,
    source: LAMBDA,
    free: 400_000,
  },
  s3Writes: {
    service: 'S3',
    dollars: 5,
    per: 'million PUT, COPY, POST and LIST',
    units: MILLION,
    source: S3,
  },
  s3Reads: { service: 'S3', dollars: 0.4, per: 'million GET', units: MILLION, source: S3 },
  s3Storage: {
    service: 'S3',
    dollars: 0.023,
    per: 'GB a month, Standard',
    units: GIGABYTE,
    source: S3,
  },
  sqsRequests: {
    service: 'SQS',
    dollars: 0.4,
    per: 'million requests, standard queues',
    units: MILLION,
    source: SQS,
    free: MILLION,
  },
  keys: { service: 'KMS', dollars: 1, per: 'customer key a month', units: 1, source: KMS },
  keyRequests: {
    service: 'KMS',
    dollars: 3,
    per: 'million requests',
    units: MILLION,
    source: KMS,
    free: 20_000,
  },
  logBytes: {
    service: 'CloudWatch',
    dollars: 0.5,
    per: 'GB of logs taken in',
    units: GIGABYTE,
    source: CLOUDWATCH,
    free: 5 * GIGABYTE,
  },
  logStorage: {
    service: 'CloudWatch',
    dollars: 0.03,
    per: 'GB of logs a month, packed',
    units: GIGABYTE,
    source: CLOUDWATCH,
  },
  metrics: {
    service: 'CloudWatch',
    dollars: 0.3,
    per: 'custom metric a month, by the hour',
    units: 1,
    source: CLOUDWATCH,
    free: 10,
  },
  alarms: {
    service: 'CloudWatch',
    dollars: 0.1,
    per: 'alarm a month',
    units: 1,
    source: CLOUDWATCH,
    free: 10,
  },
  dashboards: {
    service: 'CloudWatch',
    dollars: 3,
    per: 'dashboard a month',
    units: 1,
    source: CLOUDWATCH,
    free: 3,
  },
  athenaBytes: { service: 'Athena', dollars: 5, per: 'TB read', units: 2 ** 40, source: ATHENA },
  mails: {
    service: 'SNS',
    dollars: 2,
    per: '100,000 mails',
    units: 100_000,
    source: SNS,
    free: 1_000,
  },
  dataOut: {
    service: 'Data transfer',
    dollars: 0.09,
    per: 'GB to the internet',
    units: GIGABYTE,
    source: DATA,
    free: 100 * GIGABYTE,
  },
} as const satisfies Record<string, Price>;

/** What is charged for. */
export type Charged = keyof typeof PRICES;

/** How much of each is used in a month. */
export type Usage = Readonly<Record<Charged, number>>;

/**
 * What a usage costs.
 *
 * @param withFree whether what every account has free counts, all of it being there for this stage
 * @returns US dollars
 */
export function priceOf(charged: Charged, amount: number, withFree: boolean): number {
  const { dollars, units, free = 0 }: Price = PRICES[charged];
  return (Math.max(0, amount - (withFree ? free : 0)) / units) * dollars;
}
