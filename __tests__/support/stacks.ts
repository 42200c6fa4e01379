import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Testing } from 'cdktf';

import { BootstrapStack } from '../../infra/bootstrap.ts';
import { ChatbotStack } from '../../infra/stack.ts';
import { loadViews } from '../../infra/views.ts';
import { type Analysis, loadAnalyses } from '../../src/analytics/analyses.ts';
import { type Config, configSchema } from '../../src/config/config.ts';

/** A resource as it stands in `cdk.tf.json`. */
export type Resource = Readonly<Record<string, unknown>>;

/** A synthesized stack, as Terraform reads it. */
export interface Synthesized {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Resource>>>>;
  readonly output: Readonly<Record<string, { readonly value: string }>>;
  readonly provider: { readonly aws: readonly Resource[] };
  readonly terraform: Resource;
}

/** A statement of a synthesized policy. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: unknown;
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Root of the project. */
export const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

/** An account, and a project whose name is not the default, so that nothing is right by chance. */
const SETTINGS = { project: 'shop', stage: 'test', account: '123456789012' } as const;

/** The configuration of a test's stack. */
export function testConfig(settings: Partial<Config> = {}): Config {
  return configSchema.parse({ ...SETTINGS, ...settings });
}

/**
 * Synthesizes a stage without bundling: its functions' code is an empty file.
 *
 * @param more analyses, besides those of `sql/`
 */
export async function synthStack(
  settings: Partial<Config> = {},
  more: readonly Analysis[] = [],
): Promise<Synthesized> {
  const folder = mkdtempSync(join(tmpdir(), 'stack-'));
  try {
    const zip = join(folder, 'code.zip');
    writeFileSync(zip, '');
    const code = { zip, sha256Base64: 'AAAA', handler: 'handler.handler' };
    const stack = new ChatbotStack(Testing.app(), {
      config: testConfig(settings),
      code: { webhook: code, etl: code, report: code, writer: code },
      queries: [...(await loadAnalyses(join(PROJECT, 'sql'))), ...more],
      views: await loadViews(join(PROJECT, 'sql/views')),
    });
    return JSON.parse(Testing.synth(stack)) as Synthesized;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Synthesizes the bootstrap. */
export function synthBootstrap(settings: Partial<Config> = {}): Synthesized {
  const stack = new BootstrapStack(Testing.app(), { config: testConfig(settings) });
  return JSON.parse(Testing.synth(stack)) as Synthesized;
}

function omit(from: Resource, key: string): Resource {
  return Object.fromEntries(Object.entries(from).filter(([name]) => name !== key));
}

/**
 * The resources of one construct, by `type.name` in order; without CDKTF's comments.
 *
 * @param construct what their names begin with; all of the stack's without it
 */
export function resourcesOf(stack: Synthesized, construct = ''): Record<string, Resource> {
  const resources: Record<string, Resource> = {};
  for (const [type, named] of Object.entries(stack.resource)) {
    for (const [name, resource] of Object.entries(named)) {
      if (name.startsWith(construct)) resources[`${type}.${name}`] = omit(resource, '//');
    }
  }
  return Object.fromEntries(Object.entries(resources).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** All resources of a type, by name. */
export function ofType(stack: Synthesized, type: string): Readonly<Record<string, Resource>> {
  return stack.resource[type] ?? {};
}

/** One resource. @throws Error when there is none */
export function resource(stack: Synthesized, type: string, name: string): Resource {
  const found = stack.resource[type]?.[name];
  if (!found) throw new Error(`There is no ${type}.${name}.`);
  return found;
}

/** The statements of a policy's JSON text. */
export function statementsOf(policy: unknown): readonly PolicyStatement[] {
  return (JSON.parse(String(policy)) as { Statement: PolicyStatement[] }).Statement;
}
