import type { Agent } from 'node:https';

import type { S3ClientConfig } from '@aws-sdk/client-s3';

/** What the stack and its tests need of AWS. */
export const CAPABILITIES = {
  buckets: 'S3: buckets, their policies and settings',
  keys: 'KMS: keys and aliases',
  roles: 'IAM: roles and policies',
  parameters: 'SSM: parameters',
  queues: 'SQS: queues and their policies',
  topics: 'SNS: topics and their policies',
  logs: 'CloudWatch: log groups',
  alarms: 'CloudWatch: alarms and dashboards',
  rules: 'EventBridge: rules',
  functions: 'Lambda: functions that run',
  api: 'API Gateway: a REST API that calls functions',
  firing: 'EventBridge: rules that fire and call functions',
  stateMachines: 'Step Functions: state machines that call functions',
  retries: 'Lambda: events that fail are tried again, and end among the dead letters',
  catalog: 'Glue: databases and tables',
  queries: 'Athena: workgroups, named queries, SQL',
  rights: "policies that are enforced: roles', buckets' and APIs'",
  tls: 'TLS',
} as const;

/** A part of AWS that an emulator has or lacks. */
export type Capability = keyof typeof CAPABILITIES;

/** AWS, as far as an emulator goes, on this machine. */
export interface Emulator {
  /** For instance `MiniStack 1.5.33`. */
  readonly name: string;
  /** For instance `https://127.0.0.1:41234`. */
  readonly endpoint: string;
  readonly has: ReadonlySet<Capability>;
  /** Certificate of its TLS, PEM; null where it speaks plain HTTP. */
  readonly certificate: { readonly path: string; readonly pem: string } | null;
  /** What it has written so far; empty for one that was found. */
  readonly output: () => string;
  /** Ends it, and what was stored in it is gone; one that was found goes on. */
  readonly stop: () => Promise<void>;
}

/** Keys of somebody in an emulated account. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of one who took on a role. */
  readonly sessionToken?: string;
}

/** Keys that emulators take for the account's own. They open nothing else. */
const ROOT: Credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** Region of all emulated things. */
const REGION = 'us-east-1';

/** What an emulator lacks, in words; null when it has everything. */
export function lacks({ has }: Pick<Emulator, 'has'>): string | null {
  const missing = (Object.keys(CAPABILITIES) as Capability[]).filter((name) => !has.has(name));
  return missing.length === 0 ? null : missing.map((name) => CAPABILITIES[name]).join('; ');
}

/** One line for people: which emulator it is and what it lacks. */
export function describeEmulator(emulator: Emulator): string {
  const missing = lacks(emulator);
  return `${emulator.name} at ${emulator.endpoint} has ${missing === null ? 'all that the stack needs' : `not: ${missing}`}.`;
}

/**
 * Variables by which every tool of AWS finds the emulator, Terraform and the SDKs alike.
 *
 * @param credentials the account's own unless told
 */
export function environmentOf(
  { endpoint, certificate }: Pick<Emulator, 'certificate' | 'endpoint'>,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials = ROOT,
): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
    AWS_EC2_METADATA_DISABLED: 'true',
    ...(certificate && { AWS_CA_BUNDLE: certificate.path, NODE_EXTRA_CA_CERTS: certificate.path }),
  };
}

/**
 * Settings of an SDK client for the emulator.
 *
 * @param agent that trusts its certificate
 * @param credentials the account's own unless told
 */
export function clientSettingsOf(
  { endpoint }: Pick<Emulator, 'endpoint'>,
  agent?: Agent,
  credentials: Credentials = ROOT,
) {
  return {
    endpoint,
    region: REGION,
    credentials,
    ...(agent && { requestHandler: { httpsAgent: agent } }),
  } satisfies S3ClientConfig;
}
