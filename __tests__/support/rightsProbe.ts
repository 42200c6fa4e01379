import { S3Client } from '@aws-sdk/client-s3';
import * as s3 from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import * as ssm from '@aws-sdk/client-ssm';

/*
 * A Lambda function that tries what it is told and says which it may. Bundled by stack.test.ts and
 * given the role of one of the stack's functions.
 */

const services = {
  s3: { client: new S3Client(), commands: s3 as unknown as Commands },
  ssm: { client: new SSMClient(), commands: ssm as unknown as Commands },
};

type Commands = Record<string, new (input: object) => Parameters<S3Client['send']>[0]>;

/** A call of AWS. */
export interface Attempt {
  readonly service: keyof typeof services;
  /** For instance `GetObject`. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** @returns for each call `allowed`, or the name of the error */
export async function handler(attempts: readonly Attempt[]): Promise<string[]> {
  const results: string[] = [];
  for (const { service, operation, input } of attempts) {
    const { client, commands } = services[service];
    const Command = commands[`${operation}Command`];
    if (Command === undefined) throw new TypeError(`There is no ${service} ${operation}.`);
    try {
      await (client as S3Client).send(new Command(input));
      results.push('allowed');
    } catch (error) {
      results.push((error as Error).name);
    }
  }
  return results;
}
