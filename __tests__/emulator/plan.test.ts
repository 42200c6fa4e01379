import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';

import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { plainEnvironment } from '../../localstack/deployment.ts';
import { type Emulator, environmentOf } from '../../localstack/emulator.ts';
import { startEmulator, whyNot } from '../../localstack/startEmulator.ts';
import { findTerraform } from '../../localstack/terraform.ts';
import { temporaryFolder } from '../support/folders.ts';
import { requirement } from '../support/requirement.ts';
import { PROJECT } from '../support/stacks.ts';

/** What a command came to. */
interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let emulator: Emulator;

beforeAll(async () => {
  folder = await temporaryFolder();
});

afterAll(() => folder.remove());

/** Writes what `npm run synth` would: a stack of one bucket and one topic. */
async function synthesize(output: string, stack: { bucket: string; topic: string }): Promise<void> {
  const workingDirectory = 'stacks/shop-dev';
  await mkdir(join(output, workingDirectory), { recursive: true });
  await writeFile(
    join(output, 'manifest.json'),
    JSON.stringify({ stacks: { 'shop-dev': { name: 'shop-dev', workingDirectory } } }),
  );
  const content = {
    terraform: {
      backend: { local: { path: join(folder.path, 'state') } },
      required_providers: { aws: { source: 'aws', version: '5.100.0' } },
    },
    provider: { aws: [{ region: 'us-east-1' }] },
    resource: {
      aws_s3_bucket: { layer: { bucket: stack.bucket } },
      aws_sns_topic: { topic: { name: 'shop', display_name: stack.topic } },
    },
  };
  await writeFile(join(output, workingDirectory, 'cdk.tf.json'), JSON.stringify(content));
}

/** Runs a script as npm does. */
async function run(script: string, output: string, ...args: string[]): Promise<Ended> {
  const env = {
    ...plainEnvironment(),
    ...environmentOf(emulator),
    ...findTerraform().env,
    CDKTF_OUTDIR: output,
  };
  const command = ['--import', 'tsx', join(PROJECT, 'scripts', script), ...args];
  try {
    const ended = await promisify(execFile)(process.execPath, command, { cwd: PROJECT, env });
    return { code: 0, ...ended };
  } catch (error) {
    return error as Ended & Error;
  }
}

const missing = whyNot('miniStack');

requirement(
  'MiniStack',
  missing === null,
  missing ?? '',
)('a plan', () => {
  beforeAll(async () => {
    emulator = await startEmulator('miniStack');
  });

  afterAll(() => emulator.stop());

  test('is made, read, carried to another machine, and applied as it was read', async () => {
    const here = join(folder.path, 'here');
    const plan = (...options: string[]): Promise<Ended> =>
      run('plan.ts', here, '--account', ...options);

    await synthesize(here, { bucket: 'shop-layer', topic: 'Alarms' });
    const first = await plan();
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain('## Plan of shop-dev: 2 to add');
    expect(await readFile(join(here, 'plan.md'), 'utf8')).toBe(first.stdout);

    // As a workflow's artifact: without what `terraform init` put there.
    const there = join(folder.path, 'there');
    await cp(here, there, { recursive: true, filter: (path) => !path.endsWith('/.terraform') });
    const deployed = await run('deploy-plan.ts', there);
    expect(deployed).toMatchObject({ code: 0, stderr: '' });
    expect(deployed.stdout).toContain('Apply complete! Resources: 2 added');

    // The same plan again: something was deployed since.
    const again = await run('deploy-plan.ts', here);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/^Something was deployed since this plan was made/);

    expect(await plan('--detailed-exitcode')).toMatchObject({
      code: 0,
      stdout: '## Plan of shop-dev: nothing changes\n',
    });

    await synthesize(here, { bucket: 'shop-layer', topic: 'All alarms' });
    expect(await plan('--detailed-exitcode')).toMatchObject({ code: 2, stderr: '' });

    await synthesize(here, { bucket: 'shop-other', topic: 'Alarms' });
    // A workflow hands over an empty text.
    const replacing = await plan('--detailed-exitcode', '--allow-delete', '');
    expect(replacing.code).toBe(3);
    expect(replacing.stderr).toBe(
      'Not expected: replace aws_s3_bucket.layer, and with it every object in it.\n',
    );
    expect(replacing.stdout).toContain('⛔ not expected');
    const allowed = await plan('--allow-delete', 'aws_s3_bucket.layers aws_s3_bucket.layer');
    expect(allowed).toMatchObject({
      code: 0,
      stderr: '--allow-delete aws_s3_bucket.layers: nothing is lost there.\n',
    });
  });
});
