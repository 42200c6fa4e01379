/**
 * Plans the synthesized stack and says in Markdown what that comes to: `npm run plan`.
 *
 * Without options it plans as if nothing were deployed, and needs neither credentials nor network;
 * `--account` plans against what is deployed, `--synth` synthesizes the stack first. The plan and its JSON are put beside the stack's
 * `cdk.tf.json`, the summary, or why there is none, into `cdktf.out/plan.md`.
 *
 * Ends with 1 when there is no plan, and with 3 when the plan would delete, replace or overwrite what
 * holds data, names or secrets, and no `--allow-delete <address>` says that it is expected. With
 * `--detailed-exitcode` it ends with 2 when anything would change, as Terraform does.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { findTerraform } from '../localstack/terraform.ts';
import { failureText } from './plan/advice.ts';
import { judgeLosses } from './plan/guard.ts';
import { planAccount, planOffline } from './plan/makePlan.ts';
import { kindOf, parsePlan } from './plan/plan.ts';
import { synthesizedStack } from './plan/stacks.ts';
import { summarizePlan } from './plan/summary.ts';

/** CDKTF's own variable names another one. */
const OUTPUT =
  process.env['CDKTF_OUTDIR'] ?? fileURLToPath(new URL('../cdktf.out', import.meta.url));

const SUMMARY = join(OUTPUT, 'plan.md');

const EXIT = { failed: 1, changes: 2, losses: 3 } as const;

const HELP = `Usage: npm run plan -- [options]

Says in Markdown what deploying this stack would change. Without options it plans as if nothing were
deployed, which needs neither credentials nor network.

Options:
  --account                 plan against what is deployed, with the credentials of this shell
  --allow-delete <address>  a resource that may be deleted, replaced or overwritten, such as
                            aws_s3_bucket.lake_results_bucket; again for each, or with commas between
  --synth                   synthesize the stack first, as npm run plan always does
  --detailed-exitcode       end with ${EXIT.changes} when anything would change
  -h, --help                show this

The summary is printed and put into cdktf.out/plan.md. It ends with ${EXIT.failed} when there is no plan, and with
${EXIT.losses} when the plan would lose data, names or secrets and no --allow-delete says so.
`;

interface Options {
  readonly help: boolean;
  readonly account: boolean;
  readonly allowed: readonly string[];
  readonly isDetailed: boolean;
  readonly synth: boolean;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      account: { type: 'boolean', default: false },
      'allow-delete': { type: 'string', multiple: true, default: [] },
      'detailed-exitcode': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      synth: { type: 'boolean', default: false },
    },
  });
  // A workflow hands over one text, which may be empty.
  const allowed = values['allow-delete'].flatMap((text) => text.split(/[\s,]+/)).filter(Boolean);
  const { account, help, synth } = values;
  return { account, allowed, help, synth, isDetailed: values['detailed-exitcode'] };
}

/** Does `npm run synth`, and shows what it says. @throws Error when it fails */
function synthesize(): void {
  // Standard output is the summary's alone.
  const { status } = spawnSync('npm', ['run', '--silent', 'synth'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 2, 2],
    // Its spinner would fill a log with hundreds of lines.
    env: { ...process.env, ...(!process.stderr.isTTY && { CI: 'true' }) },
  });
  if (status !== 0) throw new Error('The stack cannot be synthesized: npm run synth fails.');
}

/**
 * A state in a file is this machine's alone. @throws Error when it would be used in a workflow, where
 * it is empty: everything that is there would be made again
 */
async function checkState(folder: string): Promise<void> {
  const text = await readFile(join(folder, 'cdk.tf.json'), 'utf8');
  const { terraform } = JSON.parse(text) as { terraform: { backend: object } };
  if (process.env['CI'] === 'true' && 'local' in terraform.backend) {
    throw new Error(
      "No bucket is set for Terraform's state, so a workflow cannot know what is deployed. Set " +
        'stateBucket (cdktf.json, context.chatbot.stateBucket, or CHATBOT_STATE_BUCKET); npm run ' +
        'bootstrap makes the bucket and prints its name.',
    );
  }
}

/** Plans and prints. @returns the code to end with */
async function main({ account, allowed, help, isDetailed, synth }: Options): Promise<number> {
  if (help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (synth) synthesize();
  const stack = await synthesizedStack(OUTPUT);
  if (account) await checkState(stack.folder);
  const terraform = findTerraform();
  const { folder, json } = account
    ? await planAccount(terraform, stack)
    : await planOffline(terraform, stack, join(OUTPUT, 'offline', stack.name));
  const sizeOf = (filename: string): number | undefined => {
    const file = join(folder, filename);
    return existsSync(file) ? statSync(file).size : undefined;
  };
  const title = `${stack.name}${account ? '' : ', as if nothing were deployed'}`;
  const summary = summarizePlan(json, { title, allowed, sizeOf });
  await writeFile(SUMMARY, summary);
  process.stdout.write(summary);

  const plan = parsePlan(json);
  const { unexpected, unused } = judgeLosses(plan, allowed);
  for (const name of unused)
    process.stderr.write(`--allow-delete ${name}: nothing is lost there.\n`);
  for (const { address, how, what } of unexpected) {
    process.stderr.write(`Not expected: ${how} ${address}, and with it ${what}.\n`);
  }
  if (unexpected.length > 0) return EXIT.losses;
  const changes = [
    ...plan.resource_changes.map(({ change }) => change),
    ...Object.values(plan.output_changes),
  ];
  return isDetailed && changes.some((change) => kindOf(change) !== 'none') ? EXIT.changes : 0;
}

try {
  process.exitCode = await main(readOptions());
} catch (error) {
  const text = failureText((error as Error).message);
  process.stderr.write(text);
  await mkdir(OUTPUT, { recursive: true });
  await writeFile(SUMMARY, `## There is no plan: it failed\n\n~~~~\n${text}~~~~\n`);
  process.exitCode = EXIT.failed;
}
