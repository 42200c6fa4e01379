import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress': boolean };
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly 'timeout-minutes'?: number;
        readonly permissions?: Readonly<Record<string, string>>;
        readonly environment?: string;
        readonly steps: readonly Step[];
      }
    >
  >;
}

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

const github = join(PROJECT, '.github');
const files = await readdir(join(github, 'workflows'));

async function workflow(file: string): Promise<{ text: string; workflow: Workflow }> {
  const text = await readFile(join(github, 'workflows', file), 'utf8');
  return { text, workflow: parse(text) as Workflow };
}

describe.each(files)('the workflow %s', (file) => {
  test('pins every action by its commit, and says which version that is', async () => {
    const { text } = await workflow(file);
    const action = await readFile(join(github, 'actions/setup/action.yml'), 'utf8');
    const uses = `${text}\n${action}`.match(/uses: .*$/gm) ?? [];
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses) {
      expect(line).toMatch(
        /^uses: (\.\/\.github\/actions\/setup$|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)/,
      );
    }
  });

  test('may only read unless a job needs more, ends in time, and waits for its like', async () => {
    const { workflow: content } = await workflow(file);
    expect(content.permissions).toEqual({ contents: 'read' });
    expect(content.concurrency).toBeDefined();
    // Code of others must never run with our rights.
    expect(Object.keys(content.on)).not.toContain('pull_request_target');
    for (const job of Object.values(content.jobs)) {
      expect(job['timeout-minutes']).toBeLessThanOrEqual(30);
      const allowed = ['contents', 'id-token', 'pull-requests'];
      expect(allowed).toEqual(expect.arrayContaining(Object.keys(job.permissions ?? {})));
      expect(job.permissions?.['contents'] ?? 'read').toBe('read');
    }
  });

  test('runs npm scripts that there are, and puts nothing of others into a shell', async () => {
    const { workflow: content } = await workflow(file);
    const { scripts } = JSON.parse(await readFile(join(PROJECT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const runs = Object.values(content.jobs).flatMap(({ steps }) =>
      steps.flatMap(({ run }) => run ?? []),
    );
    for (const run of runs) {
      expect(run).not.toContain('${{');
      for (const [, name = ''] of run.matchAll(/npm run ([\w:]+)/g)) {
        expect(Object.keys(scripts)).toContain(name);
      }
    }
  });
});

describe('the workflows', () => {
  test('wait for their own kind only: what waits is cancelled when another of its group comes', async () => {
    const all = await Promise.all(files.map(workflow));
    const groups = all.map(({ workflow: content }) => content.concurrency?.group);
    expect(new Set(groups).size).toBe(files.length);
    // A deployment that was begun is never cut off.
    const { workflow: deploy } = await workflow('deploy.yml');
    expect(deploy.concurrency?.['cancel-in-progress']).toBe(false);
  });

  test('deploy only what the environment lets pass, as the bootstrap trusts it', async () => {
    const { workflow: content } = await workflow('deploy.yml');
    const bootstrap = await readFile(join(PROJECT, 'infra/bootstrap.ts'), 'utf8');
    expect(bootstrap).toContain(
      `DEPLOY_ENVIRONMENT = '${content.jobs['deploy']?.environment ?? ''}'`,
    );
    expect(content.jobs['plan']?.environment).toBeUndefined();
  });
});
