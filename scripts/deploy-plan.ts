/**
 * Applies the plan that `npm run plan -- --account` saved, and nothing else: `npm run deploy:plan`.
 * It may do so on another machine, where the same `cdktf.out` lies. When something was deployed
 * since, Terraform refuses the plan.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { findTerraform, runTerraform } from '../localstack/terraform.ts';
import { failureText } from './plan/advice.ts';
import { PLAN_FILE } from './plan/makePlan.ts';
import { synthesizedStack } from './plan/stacks.ts';

/** CDKTF's own variable names another one. */
const OUTPUT =
  process.env['CDKTF_OUTDIR'] ?? fileURLToPath(new URL('../cdktf.out', import.meta.url));

async function main(): Promise<void> {
  const { name, folder } = await synthesizedStack(OUTPUT);
  if (!existsSync(join(folder, PLAN_FILE))) {
    throw new Error(`There is no plan of ${name}. Make it first: npm run plan -- --account`);
  }
  const terraform = findTerraform();
  await runTerraform(terraform, folder, ['init', '-no-color']);
  process.stdout.write(await runTerraform(terraform, folder, ['apply', '-no-color', PLAN_FILE]));
}

try {
  await main();
} catch (error) {
  process.stderr.write(failureText((error as Error).message));
  process.exitCode = 1;
}
