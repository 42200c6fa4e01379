import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { LocalBackend, S3Backend, type TerraformElement, TerraformStack } from 'cdktf';
import type { Construct, Node } from 'constructs';

import type { Config } from '../src/config/config.ts';

/** What both stacks share: names that read well in a plan, provider, state. */
export abstract class AwsStack extends TerraformStack {
  constructor(scope: Construct, id: string, { config, state, tags }: StackSettings) {
    super(scope, id);
    // Write-only arguments came with it.
    this.addOverride('terraform.required_version', '>= 1.11.0');
    new AwsProvider(this, 'aws', {
      region: config.region,
      allowedAccountIds: [config.account],
      defaultTags: [{ tags: { project: config.project, ...tags } }],
    });
    if ('file' in state) {
      // Relative to the stack's folder below cdktf.out: beside cdktf.json.
      new LocalBackend(this, { path: `../../../${state.file}` });
    } else {
      new S3Backend(this, {
        ...state,
        region: config.region,
        encrypt: true,
      });
      this.addOverride('terraform.backend.s3.use_lockfile', true);
    }
  }

  /** `aws_s3_bucket.lake_raw_bucket`, without the hash that CDKTF puts behind it. */
  protected override allocateLogicalId(element: Node | TerraformElement): string {
    const node = 'node' in element ? element.node : element;
    return node.scopes
      .slice(node.scopes.indexOf(this) + 1)
      .map((scope) => scope.node.id)
      .join('_');
  }
}

/** What a stack's settings are made of. */
export interface StackSettings {
  readonly config: Config;
  /** Where its state lies: in a bucket, or in a file beside cdktf.json. */
  readonly state: { readonly bucket: string; readonly key: string } | { readonly file: string };
  /** Tags of all resources. */
  readonly tags: Readonly<Record<string, string>>;
}
