import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { synthesize } from '../../localstack/deployment.ts';
import { findTerraform } from '../../localstack/terraform.ts';
import { lossesOf } from '../../scripts/plan/guard.ts';
import { type MadePlan, planOffline } from '../../scripts/plan/makePlan.ts';
import { parsePlan } from '../../scripts/plan/plan.ts';
import { synthesizedStack } from '../../scripts/plan/stacks.ts';
import { summarizePlan } from '../../scripts/plan/summary.ts';
import { temporaryFolder } from '../support/folders.ts';
import { requirement } from '../support/requirement.ts';
import { PROJECT } from '../support/stacks.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
});

afterAll(() => folder.remove());

function hasTerraform(): boolean {
  try {
    findTerraform();
    return true;
  } catch {
    return false;
  }
}

/** What a stack is made from. */
const SOURCES = [
  ...['cdktf.json', 'main.ts', 'package.json', 'tsconfig.json'],
  ...['functions', 'infra', 'knowledge', 'scripts', 'sql', 'src'],
];

/** A copy of the project at a path of its own. */
async function copy(name: string): Promise<string> {
  const root = join(folder.path, name);
  await mkdir(root, { recursive: true });
  for (const each of SOURCES) await cp(join(PROJECT, each), join(root, each), { recursive: true });
  await symlink(join(PROJECT, 'node_modules'), join(root, 'node_modules'), 'dir');
  return root;
}

describe('npm run synth', () => {
  test('gives the same bytes in any folder, code included, and no path of the machine', async () => {
    const texts: Buffer[] = [];
    for (const name of ['one', 'elsewhere/and/deeper']) {
      const root = await copy(name);
      const output = join(root, 'cdktf.out');
      await synthesize(output, { CHATBOT_STAGE: 'same' }, root);
      const stack = await synthesizedStack(output);
      texts.push(await readFile(join(stack.folder, 'cdk.tf.json')));
    }
    const [one, other] = texts as [Buffer, Buffer];
    expect(one.equals(other)).toBe(true);
    expect(one.includes(folder.path)).toBe(false);
    expect(one.toString()).toContain('source_code_hash');
  });
});

requirement(
  'Terraform',
  hasTerraform(),
  'https://developer.hashicorp.com/terraform/install',
)('npm run plan, without credentials', () => {
  let made: MadePlan;

  beforeAll(async () => {
    const output = join(folder.path, 'cdktf.out');
    await synthesize(output, {});
    // With its provider from a mirror Terraform needs no network: nobody listens there.
    const dead = 'http://127.0.0.1:9';
    const terraform = findTerraform();
    const isMirrored = terraform.providers.startsWith('the folder');
    made = await planOffline(
      findTerraform(),
      await synthesizedStack(output),
      join(output, 'offline'),
      {
        ...process.env,
        AWS_PROFILE: 'nobody',
        ...(isMirrored && { HTTPS_PROXY: dead, HTTP_PROXY: dead }),
      },
    );
    // Time to get the provider from the registry.
  });

  test('plans the whole stack as if nothing were there', () => {
    const { resource_changes: changes } = parsePlan(made.json);
    expect(changes.length).toBeGreaterThan(50);
    expect(new Set(changes.map(({ change }) => change.actions.join()))).toEqual(
      new Set(['create']),
    );
    expect(lossesOf(parsePlan(made.json))).toEqual([]);
  });

  test('is summarized with all rights in plain words, and none hidden', () => {
    const summary = summarizePlan(made.json, { title: 'chatbot-dev', sizeOf: () => 1_000_000 });
    const { resource_changes: changes } = parsePlan(made.json);
    expect(summary).toContain(
      `## Plan of chatbot-dev: ${changes.length} to add, 0 to change, 0 to replace, 0 to delete`,
    );
    expect(summary).toMatch(
      /- role `chatbot-dev-webhook`\n( {2}- .*\n)* {2}- may now `s3:ListBucket` on `arn:aws:s3:::chatbot-dev-raw-000000000000`\n/,
    );
    expect(summary).toContain(
      'is now refused `s3:*` on `arn:aws:s3:::chatbot-dev-raw-000000000000`',
    );
    expect(summary).toContain('- `aws_lambda_function.etl_function_function`: new, 1,000.0 kB');
    expect(summary).toContain('1 more `aws_kms_key`');
    expect(summary).not.toMatch(/is not shown|undefined|\[object/);
    for (const { address } of changes) expect(summary).toContain(`- \`+\` \`${address}\``);
  });
});
