import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import * as z from 'zod';

/** The version whose findings the reasons in `infra/` answer. */
const VERSION = '3.3.30';

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

/** Runs Checkov over a synthesized stack. @throws Error when it is not there or reads nothing */
async function scan(terraform: Record<string, unknown>): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'checkov-'));
  try {
    const file = join(folder, 'cdk.tf.json');
    // Checkov does not understand the version that Terraform must have, and knows no rule about it.
    const scanned = { ...terraform, terraform: undefined };
    await writeFile(file, JSON.stringify(scanned, null, 2));
    const { stdout } = await promisify(execFile)(
      process.env['CHATBOT_CHECKOV'] ?? 'checkov',
      [
        '--file',
        file,
        '--framework',
        'terraform_json',
        '--quiet',
        '--soft-fail',
        '--output',
        'json',
      ],
      { maxBuffer: 64 * 1024 * 1024 },
    );
    return JSON.parse(stdout);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error(
      `There is no Checkov. Install it (pipx install checkov==${VERSION}), or name it: CHATBOT_CHECKOV=/path/to/checkov`,
      { cause: error },
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Scans all stacks of `cdktf.out`. @returns whether there is nothing without a reason */
async function main(): Promise<boolean> {
  const stacks = fileURLToPath(new URL('../cdktf.out/stacks/', import.meta.url));
  let isClean = true;
  for (const stack of await readdir(stacks)) {
    const text = await readFile(join(stacks, stack, 'cdk.tf.json'), 'utf8');
    const terraform = JSON.parse(text) as Record<string, unknown>;
    const { passed, excused, failed, stale } = judge(terraform, await scan(terraform));
    process.stdout.write(`${stack}: ${passed} passed, ${excused.length} excused\n`);
    for (const line of failed) process.stderr.write(`  ${line}\n`);
    for (const line of stale) process.stderr.write(`  no longer found: ${line}\n`);
    isClean &&= failed.length + stale.length === 0;
  }
  return isClean;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = (await main()) ? 0 : 1;
}
