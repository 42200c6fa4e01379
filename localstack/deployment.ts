import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import * as z from 'zod';

import { type Capability, type Credentials, type Emulator, environmentOf } from './emulator.ts';
import { type Terraform, runTerraform } from './terraform.ts';

/** Root of the project. */
const PROJECT = fileURLToPath(new URL('..', import.meta.url));

/** What each kind of Terraform's resources needs; the first whose beginning fits counts. */
const NEEDS: Readonly<Record<string, Capability | null>> = {
  terraform_data: null,
  aws_api_gateway: 'api',
  aws_athena: 'queries',
  aws_cloudwatch_dashboard: 'alarms',
  aws_cloudwatch_event: 'rules',
  aws_cloudwatch_log: 'logs',
  aws_cloudwatch_metric: 'alarms',
  aws_glue: 'catalog',
  aws_iam: 'roles',
  aws_kms: 'keys',
  aws_lambda: 'functions',
  aws_s3: 'buckets',
  aws_sfn: 'stateMachines',
  aws_sns: 'topics',
  aws_sqs: 'queues',
  aws_ssm: 'parameters',
};

/** What is looked at in a `cdk.tf.json`. */
const stackSchema = z.object({
  resource: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))),
});

/** What is looked at in a plan, as `terraform show -json` tells it. */
const planSchema = z.object({
  resource_changes: z
    .array(
      z.object({
        address: z.string(),
        type: z.string(),
        change: z.object({
          actions: z.array(z.string()),
          before: z.record(z.string(), z.unknown()).nullable(),
          after: z.record(z.string(), z.unknown()).nullable(),
        }),
      }),
    )
    .default([]),
});

const outputsSchema = z.record(z.string(), z.object({ value: z.string() }));

/** What Terraform remembers, as the file of its state has it (format 4). */
const stateSchema = z.object({
  resources: z.array(
    z.object({
      mode: z.string(),
      type: z.string(),
      name: z.string(),
      instances: z.array(z.object({ attributes: z.record(z.string(), z.unknown()) })),
    }),
  ),
});

/** A change of a plan: which attributes differ. */
export interface PlannedChange {
  readonly address: string;
  readonly type: string;
  /** For instance `update`, or `delete` and `create`. */
  readonly actions: readonly string[];
  /** Names of the attributes that change. */
  readonly attributes: readonly string[];
}

/** A resource as the state has it. */
export interface StateResource {
  readonly address: string;
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
}

const run = promisify(execFile);

/** Variables of this process that programs need anywhere. None of AWS's or the project's. */
export function plainEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '', TMPDIR } = process.env;
  return { PATH, HOME, ...(TMPDIR !== undefined && { TMPDIR }) };
}

/**
 * Synthesizes the stack as `npm run synth` does, or the bootstrap.
 *
 * @param folder where `stacks/<name>/cdk.tf.json` is put
 * @param settings variables of the configuration, for instance CHATBOT_STAGE
 * @param project another copy of the project than this one
 */
export async function synthesize(
  folder: string,
  settings: Readonly<Record<string, string>>,
  project: string = PROJECT,
  program: 'bootstrap.ts' | 'main.ts' = 'main.ts',
): Promise<void> {
  await run(process.execPath, ['--import', 'tsx', program], {
    cwd: project,
    env: { ...plainEnvironment(), ...settings, CDKTF_OUTDIR: folder },
  });
}

/**
 * Puts a synthesized stack over what is there, by `cdktf deploy`, as one does by hand.
 *
 * @param folder for what it synthesizes; the state lies two folders above `stacks/`
 * @returns what it wrote
 */
export async function cdktfDeploy(
  emulator: Emulator,
  terraform: Terraform,
  folder: string,
  name: string,
  settings: Readonly<Record<string, string>>,
): Promise<string> {
  const args = ['deploy', name, '--auto-approve', '--skip-provider-lock', '--output', folder];
  const { stdout } = await run(join(PROJECT, 'node_modules', '.bin', 'cdktf'), args, {
    cwd: PROJECT,
    env: {
      ...plainEnvironment(),
      ...environmentOf(emulator),
      ...terraform.env,
      ...settings,
      CI: 'true',
    },
    maxBuffer: 64 * 1024 ** 2,
  });
  return stdout;
}

/**
 * Addresses of the resources that can exist in an emulator: it has what they need, and all that they
 * refer to can exist there, too.
 *
 * @param stack a parsed `cdk.tf.json`
 * @throws Error when a resource is of a kind that nobody has said the need of
 */
export function applicable(stack: unknown, has: ReadonlySet<Capability>): string[] {
  const { resource: kinds } = stackSchema.parse(stack);
  const resources = new Map<string, { type: string; text: string }>();
  for (const [type, named] of Object.entries(kinds)) {
    for (const [name, resource] of Object.entries(named)) {
      resources.set(`${type}.${name}`, { type, text: JSON.stringify({ ...resource, '//': null }) });
    }
  }
  const isThere = (type: string): boolean => {
    const kind = Object.keys(NEEDS).find((start) => type.startsWith(start));
    if (kind === undefined)
      throw new Error(`What ${type} needs is not in localstack/deployment.ts.`);
    const need = NEEDS[kind] ?? null;
    return need === null || has.has(need);
  };
  const known = new Map<string, boolean>();
  const canExist = (address: string): boolean => {
    const before = known.get(address);
    if (before !== undefined) return before;
    const resource = resources.get(address);
    if (resource === undefined) return true;
    known.set(address, true);
    const references = resource.text.match(/\b[a-z]+_[a-z0-9_]+\.[A-Za-z]\w*/g) ?? [];
    const result = isThere(resource.type) && references.every(canExist);
    known.set(address, result);
    return result;
  };
  return [...resources.keys()].filter(canExist);
}

/** A synthesized stack in an emulator, by Terraform. */
export class Deployment {
  readonly #folder: string;
  readonly #terraform: Terraform;
  readonly #emulator: Emulator;
  readonly #credentials: Credentials | undefined;

  /**
   * @param folder where `cdk.tf.json` is
   * @param credentials of whom Terraform acts for; the account's own unless told
   */
  constructor(folder: string, terraform: Terraform, emulator: Emulator, credentials?: Credentials) {
    this.#folder = folder;
    this.#terraform = terraform;
    this.#emulator = emulator;
    this.#credentials = credentials;
  }

  /** Calls Terraform. @returns what it wrote; @throws TerraformError */
  terraform(...args: string[]): Promise<string> {
    const env = { ...plainEnvironment(), ...environmentOf(this.#emulator, this.#credentials) };
    return runTerraform(this.#terraform, this.#folder, args, env);
  }

  /** Applies all that can exist in the emulator. @returns its addresses; null for the whole stack */
  async apply(): Promise<readonly string[] | null> {
    await this.terraform('init', '-no-color');
    const stack: unknown = JSON.parse(await readFile(join(this.#folder, 'cdk.tf.json'), 'utf8'));
    const all = applicable(stack, new Set(Object.values(NEEDS).filter((need) => need !== null)));
    const here = applicable(stack, this.#emulator.has);
    const isWhole = here.length === all.length;
    const targets = isWhole ? [] : here.map((address) => `-target=${address}`);
    await this.terraform('apply', '-no-color', '-auto-approve', ...targets);
    return isWhole ? null : here;
  }

  /** Plans. @returns what would change, and the whole plan as JSON text */
  async plan(...args: string[]): Promise<{ changes: readonly PlannedChange[]; text: string }> {
    await this.terraform('plan', '-no-color', '-out=plan', ...args);
    const text = await this.terraform('show', '-json', 'plan');
    const { resource_changes: changes } = planSchema.parse(JSON.parse(text));
    return {
      text,
      changes: changes
        .filter(({ change }) => change.actions.join() !== 'no-op')
        .map(({ address, type, change: { actions, before, after } }) => ({
          address,
          type,
          actions,
          attributes: Object.keys({ ...before, ...after }).filter(
            (name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]),
          ),
        })),
    };
  }

  /** The stack's outputs. */
  async outputs(): Promise<Record<string, string>> {
    const outputs = outputsSchema.parse(JSON.parse(await this.terraform('output', '-json')));
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  /** What Terraform remembers. Read as it lies: `terraform show` asks the provider for its schema first. */
  async state(): Promise<readonly StateResource[]> {
    const { resources } = stateSchema.parse(JSON.parse(await this.terraform('state', 'pull')));
    return resources
      .filter(({ mode }) => mode === 'managed')
      .flatMap(({ type, name, instances }) =>
        instances.map(({ attributes }) => ({
          address: `${type}.${name}`,
          type,
          values: attributes,
        })),
      );
  }
}
