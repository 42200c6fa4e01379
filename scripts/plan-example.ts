/**
 * Writes docs/plan-example.md with Terraform and MiniStack: `npx tsx scripts/plan-example.ts`. The
 * whole stack is applied there, from a copy of the project; then the copy is changed in one way and
 * another, and what `npm run plan` says of it stands on the page.
 */
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as z from 'zod';

import { Deployment, plainEnvironment, synthesize } from '../localstack/deployment.ts';
import { type Emulator, environmentOf } from '../localstack/emulator.ts';
import { startEmulator } from '../localstack/startEmulator.ts';
import { findTerraform } from '../localstack/terraform.ts';
import { formatted } from './markdown.ts';
import { type MadePlan, planAccount } from './plan/makePlan.ts';
import { kindOf, parsePlan } from './plan/plan.ts';
import { type Stack, synthesizedStack } from './plan/stacks.ts';
import { summarizePlan } from './plan/summary.ts';

const PAGE = 'docs/plan-example.md';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));

/** What a stack is made from. */
const SOURCES = [
  ...['cdktf.json', 'main.ts', 'package.json', 'tsconfig.json'],
  ...['functions', 'infra', 'knowledge', 'scripts', 'sql', 'src'],
];

/** The copy of the project that is changed. */
class Copy {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async make(): Promise<void> {
    for (const each of SOURCES) {
      await cp(join(PROJECT, each), join(this.#folder, each), { recursive: true });
    }
    await symlink(join(PROJECT, 'node_modules'), join(this.#folder, 'node_modules'), 'dir');
  }

  /** Writes a file as a change of another one's text. @throws Error when that changes nothing */
  async change(
    { from, to = from }: { readonly from: string; readonly to?: string },
    replacements: readonly (readonly [string, string])[],
  ): Promise<void> {
    let text = await readFile(join(this.#folder, from), 'utf8');
    for (const [old, fresh] of replacements) {
      if (!text.includes(old)) throw new Error(`${from} has no ${JSON.stringify(old)}.`);
      text = text.replaceAll(old, fresh);
    }
    await writeFile(join(this.#folder, to), text);
  }

  /** Takes away what was written beside, or puts back what was changed. */
  async restore(file: string): Promise<void> {
    await rm(join(this.#folder, file));
    await cp(join(PROJECT, file), join(this.#folder, file)).catch(() => undefined);
  }

  /** Terraform's state, where no bucket is set for it. */
  stateOf({ name }: Stack): string {
    return join(this.#folder, `terraform.${name}.tfstate`);
  }

  async synthesize(): Promise<Stack> {
    const output = join(this.#folder, 'cdktf.out');
    await synthesize(output, {}, this.#folder);
    return synthesizedStack(output);
  }
}

/**
 * MiniStack does not tell all of its alarms, so Terraform's state of them is wrong, and each plan would
 * change them: puts into the state what the stack says of them. @throws Error when more would change
 */
async function mendAlarms(state: string, made: MadePlan): Promise<void> {
  const planned = parsePlan(made.json).resource_changes.filter(
    ({ change }) => kindOf(change) !== 'none',
  );
  const others = planned.filter(({ type }) => type !== 'aws_cloudwatch_metric_alarm');
  if (others.length > 0) throw new Error(`${others.map(({ address }) => address).join()} changed.`);
  const content = stateSchema.parse(JSON.parse(await readFile(state, 'utf8')));
  for (const { type, name, change } of planned) {
    const resource = content.resources.find((each) => each.type === type && each.name === name);
    Object.assign(resource?.instances[0]?.attributes ?? {}, change.after);
  }
  await writeFile(state, JSON.stringify(content));
}

const stateSchema = z.looseObject({
  resources: z.array(
    z.looseObject({
      type: z.string(),
      name: z.string(),
      instances: z.array(z.looseObject({ attributes: z.record(z.string(), z.unknown()) })),
    }),
  ),
});

/** The two summaries. */
async function examples(
  copy: Copy,
  emulator: Emulator,
): Promise<Record<'analysis' | 'bucket', string>> {
  const terraform = findTerraform();
  const env = { ...plainEnvironment(), ...environmentOf(emulator) };
  const plan = (stack: Stack): Promise<MadePlan> =>
    planAccount(terraform, stack, env, ['-refresh=false']);
  const summarize = async (): Promise<string> => {
    const stack = await copy.synthesize();
    return summarizePlan((await plan(stack)).json, { title: stack.name });
  };

  await copy.make();
  const stack = await copy.synthesize();
  await new Deployment(stack.folder, terraform, emulator).apply();
  await mendAlarms(copy.stateOf(stack), await plan(stack));

  const added = 'sql/messages_per_week.sql';
  await copy.change({ from: 'sql/messages_per_day.sql', to: added }, [
    ['Messages per day', 'Messages per week'],
    ['Mensagens por dia', 'Mensagens por semana'],
    ['arrive each day', 'arrive each week'],
    ['chegam a cada dia', 'chegam a cada semana'],
    ['-- order: 1', '-- order: 9'],
    ['SELECT\n  context_date,', "SELECT\n  date_trunc('week', context_date) AS context_date,"],
    ['GROUP BY context_date', "GROUP BY date_trunc('week', context_date)"],
  ]);
  const analysis = await summarize();
  await copy.restore(added);

  await copy.change({ from: 'infra/lake.ts' }, [
    ["bucketName(config, 'enriched')", "bucketName(config, 'curated')"],
  ]);
  return { analysis, bucket: await summarize() };
}

function page({ analysis, bucket }: Awaited<ReturnType<typeof examples>>): string {
  return `# What a plan looks like

\`\`\`bash
npm run plan -- --account
\`\`\`

writes a summary like these, in the shell, into \`cdktf.out/plan.md\`, and under the pull request. Both
come from Terraform: the stack was applied to MiniStack, the code changed, and the change planned, by
\`npx tsx scripts/plan-example.ts\`. (Terraform's state of the alarms was mended in between: MiniStack does
not tell all of them.)

# An analysis is added

Somebody added one file, \`sql/messages_per_week.sql\`.

${analysis}

# A bucket would be replaced

Somebody found a better word for the enriched layer: in \`infra/lake.ts\`, \`bucketName(config,
'enriched')\` became \`bucketName(config, 'curated')\`. S3 cannot rename a bucket, so Terraform would
delete it with all that is in it and make an empty one. \`npm run plan\` ends with 3, and the job fails.

${bucket}
`;
}

const folder = await mkdtemp(join(tmpdir(), 'plan-example-'));
try {
  const emulator = await startEmulator('miniStack');
  try {
    const made = await examples(new Copy(folder), emulator);
    await writeFile(PAGE, await formatted(PAGE, page(made)));
  } finally {
    await emulator.stop();
  }
} finally {
  await rm(folder, { recursive: true });
}
