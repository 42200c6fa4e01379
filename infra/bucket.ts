import type { KmsKey } from '@cdktf/provider-aws/lib/kms-key/index.js';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import {
  S3BucketLifecycleConfiguration,
  type S3BucketLifecycleConfigurationRule,
} from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';
import { S3BucketLoggingA } from '@cdktf/provider-aws/lib/s3-bucket-logging/index.js';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy/index.js';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning/index.js';
import { Construct } from 'constructs';

import { WITHOUT_KEY, skipChecks } from './checkov.ts';
import { bucketArn } from './names.ts';
import { type Statement, denyWithoutTls, policyDocument } from './policy.ts';

/** What a bucket is made of. */
export interface BucketProps {
  readonly bucketName: string;
  /** What it is for, as its tag says: tags hold neither commas nor apostrophes. */
  readonly purpose: string;
  /** The customer's key; null for S3's own. */
  readonly key: KmsKey | null;
  /** Days after which objects expire, by prefix; objects under no prefix of these stay for good. */
  readonly expiration: Readonly<Record<string, number>>;
  /** The same of objects that nobody wants back: those replaced or deleted are gone a day later. */
  readonly scratch?: Readonly<Record<string, number>>;
  /** Days that a replaced or deleted object can be brought back. */
  readonly noncurrentDays: number;
  /** Where requests are logged; null for none. */
  readonly accessLogs: Bucket | null;
  /** Whether `destroy` deletes what is in it. */
  readonly forceDestroy?: boolean;
  readonly statements?: readonly Statement[];
  /** See {@link skipChecks}. */
  readonly skips?: Readonly<Record<string, string>>;
}

/** Days after which parts of an upload that was never finished are thrown away. */
const UPLOAD_DAYS = 7;

/** A private bucket: versioned, encrypted, TLS only, nothing in it owned by others. */
export class Bucket extends Construct {
  readonly bucketName: string;
  /** Known before the bucket is made. */
  readonly arn: string;
  readonly #bucket: S3Bucket;

  constructor(scope: Construct, id: string, props: BucketProps) {
    super(scope, id);
    this.bucketName = props.bucketName;
    this.arn = bucketArn(props.bucketName);
    this.#bucket = new S3Bucket(this, 'bucket', {
      bucket: props.bucketName,
      forceDestroy: props.forceDestroy ?? false,
      // A bucket that is not empty outlives `destroy`, and so must the key that its objects need.
      ...(props.key && { dependsOn: [props.key] }),
      tags: { purpose: props.purpose },
    });
    skipChecks(this.#bucket, {
      CKV_AWS_144: 'One region holds the data by design; versions protect it from mistakes.',
      CKV2_AWS_62: 'Nobody waits for events of this bucket.',
      ...(props.key === null && { CKV_AWS_145: WITHOUT_KEY }),
      ...props.skips,
    });
    const bucket = this.#bucket.id;

    const versioning = new S3BucketVersioningA(this, 'versioning', {
      bucket,
      versioningConfiguration: { status: 'Enabled' },
    });
    new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', {
      bucket,
      rule: [
        props.key === null
          ? { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }
          : {
              applyServerSideEncryptionByDefault: {
                sseAlgorithm: 'aws:kms',
                kmsMasterKeyId: props.key.arn,
              },
              // One data key for many objects: requests to KMS would cost more than the storage.
              bucketKeyEnabled: true,
            },
      ],
    });
    const publicAccess = new S3BucketPublicAccessBlock(this, 'public_access', {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, 'ownership', {
      bucket,
      rule: { objectOwnership: 'BucketOwnerEnforced' },
    });
    new S3BucketPolicy(this, 'policy', {
      bucket,
      policy: policyDocument([
        denyWithoutTls('s3:*', [this.arn, `${this.arn}/*`]),
        ...(props.statements ?? []),
      ]),
      // S3 refuses two changes of a bucket's access at a time.
      dependsOn: [publicAccess],
    });
    new S3BucketLifecycleConfiguration(this, 'lifecycle', {
      bucket,
      rule: [
        {
          id: 'cleanup',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: UPLOAD_DAYS }],
          noncurrentVersionExpiration: [{ noncurrentDays: props.noncurrentDays }],
          expiration: [{ expiredObjectDeleteMarker: true }],
        },
        ...Object.entries(props.scratch ?? {}).map(
          ([prefix, days]): S3BucketLifecycleConfigurationRule => ({
            id: `scratch-${prefix.replace('/', '')}`,
            status: 'Enabled',
            filter: [{ prefix }],
            expiration: [{ days }],
            noncurrentVersionExpiration: [{ noncurrentDays: 1 }],
          }),
        ),
        ...Object.entries(props.expiration).map(
          ([prefix, days]): S3BucketLifecycleConfigurationRule => ({
            id: prefix === '' ? 'expire' : `expire-${prefix.replace('/', '')}`,
            status: 'Enabled',
            filter: [{ prefix }],
            expiration: [{ days }],
          }),
        ),
      ],
      // Rules about versions need them.
      dependsOn: [versioning],
    });
    if (props.accessLogs) {
      new S3BucketLoggingA(this, 'access_log', {
        bucket,
        targetBucket: props.accessLogs.id,
        targetPrefix: `${id}/`,
      });
    }
  }

  /** Name of the bucket, for what needs it to be there. */
  get id(): string {
    return this.#bucket.id;
  }
}
