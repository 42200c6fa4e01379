import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping/index.js';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy/index.js';
import { Construct } from 'constructs';

import { BATCH, RETRY_SECONDS } from '../src/config/buffer.ts';
import type { Config } from '../src/config/config.ts';
import { ChatbotFunction, type FunctionCode } from './function.ts';
import type { Lake } from './lake.ts';
import { arn, prefixOf } from './names.ts';
import { allow, denyWithoutTls, policyDocument } from './policy.ts';

/** What the writer is made of. */
export interface WriterProps {
  readonly config: Config;
  readonly lake: Lake;
  readonly code: FunctionCode;
}

/**
 * Seconds that a message is kept from when it was sent, in whichever of the two queues: the longest
 * that SQS can.
 */
const RETENTION = 14 * 24 * 60 * 60;

/** Seconds that SQS goes on with a data key: each new one is a paid request to KMS. */
const KEY_REUSE = 60 * 60;

/**
 * Buffered ingestion: the queue that the webhook puts updates on, the function that writes them, many
 * to an object, and the queue of those that it could not write.
 */
export class Writer extends Construct {
  readonly function: ChatbotFunction;
  readonly queueName: string;
  readonly deadLetterQueueName: string;
  readonly queueArn: string;
  readonly deadLettersArn: string;
  /** Where messages are sent. */
  readonly queueUrl: string;
  readonly deadLettersUrl: string;

  constructor(scope: Construct, id: string, props: WriterProps) {
    super(scope, id);
    const { config } = props;
    this.queueName = `${prefixOf(config)}-updates`;
    this.deadLetterQueueName = `${prefixOf(config)}-updates-dead-letters`;
    this.queueArn = arn(config, 'sqs', this.queueName);
    this.deadLettersArn = arn(config, 'sqs', this.deadLetterQueueName);

    const deadLetters = this.#addQueue('dead_letters', props, {
      name: this.deadLetterQueueName,
      redriveAllowPolicy: JSON.stringify({
        redrivePermission: 'byQueue',
        sourceQueueArns: [this.queueArn],
      }),
      tags: { purpose: 'Updates that the writer could not write' },
    });
    const queue = this.#addQueue('queue', props, {
      name: this.queueName,
      visibilityTimeoutSeconds: RETRY_SECONDS,
      redrivePolicy: JSON.stringify({
        deadLetterTargetArn: deadLetters.arn,
        maxReceiveCount: BATCH.receives,
      }),
      tags: { purpose: 'Updates that wait to be written' },
    });
    this.queueUrl = queue.url;
    this.deadLettersUrl = deadLetters.url;

    this.function = this.#addFunction(props);
    new LambdaEventSourceMapping(this, 'mapping', {
      eventSourceArn: queue.arn,
      functionName: this.function.name,
      batchSize: BATCH.messages,
      maximumBatchingWindowInSeconds: BATCH.windowSeconds,
      functionResponseTypes: ['ReportBatchItemFailures'],
      scalingConfig: { maximumConcurrency: BATCH.concurrency },
    });
  }

  #addQueue(
    id: string,
    { lake }: WriterProps,
    settings: ConstructorParameters<typeof SqsQueue>[2] & { readonly name: string },
  ): SqsQueue {
    const queue = new SqsQueue(this, id, {
      messageRetentionSeconds: RETENTION,
      ...(lake.key
        ? { kmsMasterKeyId: lake.key.arn, kmsDataKeyReusePeriodSeconds: KEY_REUSE }
        : { sqsManagedSseEnabled: true }),
      ...settings,
    });
    const queueArn = id === 'queue' ? this.queueArn : this.deadLettersArn;
    new SqsQueuePolicy(this, `${id}_policy`, {
      queueUrl: queue.url,
      policy: policyDocument([denyWithoutTls('sqs:*', [queueArn])]),
    });
    return queue;
  }

  #addFunction({ config, lake, code }: WriterProps): ChatbotFunction {
    return new ChatbotFunction(this, 'function', {
      config,
      lake,
      code,
      service: 'writer',
      description: 'Writes the updates that wait in the queue, many to an object',
      memory: 512,
      timeout: BATCH.timeoutSeconds,
      rights: [
        allow(
          'TakeUpdates',
          ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
          [this.queueArn],
        ),
        allow('StoreUpdates', ['s3:PutObject'], [`${lake.raw.arn}/telegram/*`]),
      ],
      skips: {
        CKV_AWS_116: 'Its queue has the dead letters.',
      },
    });
  }
}
