import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import * as z from 'zod';

import { synthesizedStack } from './plan/stacks.ts';

const terraformSchema = z.object({
  resource: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        '//': z
          .object({
            checkov: z.array(z.object({ id: z.string(), reason: z.string().min(20) })).default([]),
          })
          .optional(),
      }),
    ),
  ),
});

const reportSchema = z.object({
  summary: z.object({ passed: z.int(), parsing_errors: z.literal(0) }),
  results: z.object({
    failed_checks: z.array(
      z.object({ check_id: z.string(), check_name: z.string(), resource: z.string() }),
    ),
  }),
});

/** What came of a scan. Findings and reasons are `<resource> <rule>: …`. */
export interface Verdict {
  readonly passed: number;
  /** Findings for which the resource gives a reason. */
  readonly excused: readonly string[];
  /** Findings without a reason. */
  readonly failed: readonly string[];
  /** Reasons without a finding: the code has changed, or the rule. */
  readonly stale: readonly string[];
}

/**
 * Holds Checkov's findings against the reasons that stand beside the resources. A resource is known
 * by its name alone: Checkov does not always tell the type, and names are unique in our stacks.
 *
 * @param terraform a parsed `cdk.tf.json`
 * @param report Checkov's report on it, as `-o json` gives it
 */
export function judge(terraform: unknown, report: unknown): Verdict {
  const { resource } = terraformSchema.parse(terraform);
  const reasons = new Map<string, string>();
  for (const resources of Object.values(resource)) {
    for (const [name, { '//': comment }] of Object.entries(resources)) {
      for (const { id, reason } of comment?.checkov ?? []) reasons.set(`${name} ${id}`, reason);
    }
  }
  const { summary, results } = reportSchema.parse(report);
  const findings = new Map(
    results.failed_checks.map((check) => [
      `${check.resource.replace(/^.*\./, '')} ${check.check_id}`,
      check.check_name,
    ]),
  );
  const list = (
    from: ReadonlyMap<string, string>,
    other: ReadonlyMap<string, string>,
    isInOther: boolean,
  ) =>
    [...from]
      .filter(([key]) => other.has(key) === isInOther)
      .map(([key, text]) => `${key}: ${text}`);
  return {
    passed: summary.passed,
    excused: list(reasons, findings, true),
    failed: list(findings, reasons, false),
    stale: list(reasons, findings, false),
  };
}

/** What is scanned: each way to configure that makes other resources. */
const SCANNED: Readonly<Record<string, readonly [app: string, settings: Record<string, string>]>> =
  {
    'a stage': ['main.ts', {}],
    'a stage without a key of its own': [
      'main.ts',
      { CHATBOT_ENCRYPTION: 's3', CHATBOT_LOG_RETENTION_DAYS: '30' },
    ],
    'a stage that buffers': ['main.ts', { CHATBOT_INGEST: 'buffered' }],
    'a stage that buffers, without a key of its own': [
      'main.ts',
      { CHATBOT_INGEST: 'buffered', CHATBOT_ENCRYPTION: 's3' },
    ],
    'the bootstrap': ['bootstrap.ts', { CHATBOT_REPOSITORY: 'owner/name' }],
  };

const project = fileURLToPath(new URL('..', import.meta.url));

const run = promisify(execFile);

/** The Checkov that the variable CHATBOT_CHECKOV names, that of `npm run setup:checkov`, or the PATH's. */
function findCheckov(): string {
  const own = join(project, '.cache/checkov/bin/checkov');
  return process.env['CHATBOT_CHECKOV'] ?? (existsSync(own) ? own : 'checkov');
}

/** Synthesizes an app of one stack. @returns its `cdk.tf.json` */
async function synthesize(
  app: string,
  settings: Readonly<Record<string, string>>,
  folder: string,
): Promise<Record<string, unknown>> {
  await run(process.execPath, ['--import', 'tsx', app], {
    cwd: project,
    env: { ...process.env, ...settings, CDKTF_OUTDIR: folder },
  });
  const stack = await synthesizedStack(folder);
  const text = await readFile(join(stack.folder, 'cdk.tf.json'), 'utf8');
  return JSON.parse(text) as Record<string, unknown>;
}

/** Runs Checkov over a synthesized stack. @throws Error when it is not there or reads nothing */
async function scan(terraform: Record<string, unknown>, folder: string): Promise<unknown> {
  const file = join(folder, 'cdk.tf.json');
  // Checkov does not understand the version that Terraform must have, and knows no rule about it.
  await writeFile(file, JSON.stringify({ ...terraform, terraform: undefined }, null, 2));
  const options = ['--framework', 'terraform_json', '--quiet', '--soft-fail', '--output', 'json'];
  try {
    const { stdout } = await run(findCheckov(), ['--file', file, ...options], {
      maxBuffer: 64 * 1024 * 1024,
    });
    return JSON.parse(stdout);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error(
      'There is no Checkov. Install it (npm run setup:checkov), or name it: CHATBOT_CHECKOV=/path/to/checkov',
      { cause: error },
    );
  }
}

/** Scans all that can be deployed. @returns whether there is nothing without a reason */
async function main(): Promise<boolean> {
  let isClean = true;
  for (const [name, [app, settings]] of Object.entries(SCANNED)) {
    const folder = await mkdtemp(join(tmpdir(), 'checkov-'));
    try {
      const terraform = await synthesize(app, settings, folder);
      const { passed, excused, failed, stale } = judge(terraform, await scan(terraform, folder));
      process.stdout.write(`${name}: ${passed} passed, ${excused.length} excused\n`);
      for (const line of failed) process.stderr.write(`  ${line}\n`);
      for (const line of stale) process.stderr.write(`  no longer found: ${line}\n`);
      isClean &&= failed.length + stale.length === 0;
    } finally {
      await rm(folder, { recursive: true });
    }
  }
  return isClean;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = (await main()) ? 0 : 1;
}
