import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';

import { type Terraform, runTerraform } from '../../localstack/terraform.ts';
import type { Stack } from './stacks.ts';

/** The saved plan in a stack's folder; it needs `cdk.tf.json`, the lock file and `assets/` beside it. */
export const PLAN_FILE = 'plan.tfplan';

/** A plan that was made. */
export interface MadePlan {
  /** Where plan, `plan.json`, `cdk.tf.json` and `assets/` are. */
  readonly folder: string;
  /** As `terraform show -json` gives it. */
  readonly json: unknown;
}

/**
 * What Terraform reads besides `cdk.tf.json`: with it the provider asks nobody, and the state is
 * empty. The account of the configuration is not asked for either.
 */
const OFFLINE = {
  terraform: { backend: { local: { path: 'offline.tfstate' } } },
  provider: {
    aws: [
      {
        access_key: 'offline',
        secret_key: 'offline',
        allowed_account_ids: null,
        skip_credentials_validation: true,
        skip_metadata_api_check: true,
        skip_region_validation: true,
        skip_requesting_account_id: true,
      },
    ],
  },
};

/** Variables without those of AWS: a profile that does not exist would be looked for. */
function withoutAws(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('AWS_')));
}

/**
 * Plans a stack as if nothing were deployed, without credentials or network.
 *
 * @param folder where the plan and what belongs to it is put; what was there is gone
 */
export async function planOffline(
  terraform: Terraform,
  stack: Stack,
  folder: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<MadePlan> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const part of ['cdk.tf.json', 'assets']) {
    await cp(join(stack.folder, part), join(folder, part), { recursive: true });
  }
  await writeFile(join(folder, 'offline_override.tf.json'), JSON.stringify(OFFLINE, null, 2));
  return planIn(terraform, folder, ['-refresh=false'], withoutAws(env));
}

/**
 * Plans a stack against what is deployed. The state is not locked, so that a role may plan that can
 * only read: applying a plan that another deployment has overtaken fails.
 */
export function planAccount(
  terraform: Terraform,
  stack: Stack,
  env: NodeJS.ProcessEnv = process.env,
  options: readonly string[] = [],
): Promise<MadePlan> {
  return planIn(terraform, stack.folder, options, env);
}

async function planIn(
  terraform: Terraform,
  folder: string,
  options: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<MadePlan> {
  await runTerraform(terraform, folder, ['init', '-no-color', '-reconfigure'], env);
  await runTerraform(
    terraform,
    folder,
    ['plan', '-no-color', '-lock=false', `-out=${PLAN_FILE}`, ...options],
    env,
  );
  const json = await runTerraform(terraform, folder, ['show', '-json', PLAN_FILE], env);
  await writeFile(join(folder, 'plan.json'), json);
  return { folder, json: JSON.parse(json) as unknown };
}
