import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/**
 * Plans that Terraform made of a small stack in MiniStack, see scripts/plan-fixtures.ts; in what they
 * differ from the stack as it was applied.
 */
export const PLANS = {
  create: 'before anything is there',
  unchanged: 'nothing',
  update: 'rights, memory and code, days of retention, a secret',
  replace: 'names of the bucket and of the table',
  delete: 'the key, the bucket, the table and the secrets are gone',
  destroy: 'terraform plan -destroy',
  overwrite: 'the version of a write-only secret',
  tags: 'a tag of a write-only secret',
  moved: 'a moved log group, and a database that is no longer managed',
  drift: 'by hand, the bucket was opened to anyone and a parameter deleted',
} as const;

/** Name of such a plan. */
export type PlanName = keyof typeof PLANS;

/** A plan's JSON text. */
export function planText(name: PlanName): Promise<string> {
  return readFile(fileURLToPath(new URL(`plans/${name}.json`, import.meta.url)), 'utf8');
}

/** A plan's JSON. */
export async function planJson(name: PlanName): Promise<unknown> {
  return JSON.parse(await planText(name));
}
