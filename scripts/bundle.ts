import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { type Plugin, build } from 'esbuild';
import { type Zippable, zipSync } from 'fflate';

import { loadAnalyses } from '../src/analytics/analyses.ts';
import { packIndex } from '../src/bot/bundledIndex.ts';
import { packKnowledge } from '../src/bot/bundledKnowledge.ts';
import { loadKnowledge } from '../src/bot/knowledge.ts';
import { indexQuestions } from '../src/bot/ngramIndex.ts';
import { topicTitles } from '../src/report/topicTitles.ts';
import { BUDGETS, type FunctionName } from './budgets.ts';
import { namesOf, shakeable } from './sdkCode.ts';

/** A function, ready for Lambda. */
export interface Bundle {
  readonly name: FunctionName;
  /** Path of the zip. */
  readonly zip: string;
  /** Of the zip, in base64: what Terraform calls `source_code_hash`. */
  readonly sha256Base64: string;
  /** Size of the zip. */
  readonly bytes: number;
  /** Size of the zip without the knowledge base and its index, as large as people make them. */
  readonly codeBytes: number;
  /** What Lambda calls the handler: file and export. */
  readonly handler: typeof LAMBDA_HANDLER;
}

/** File and export of every bundle's function. */
export const LAMBDA_HANDLER = 'handler.handler';

/** Root of the project. */
const PROJECT = fileURLToPath(new URL('..', import.meta.url));

/** Packages that are written for CommonJS ask for Node's modules by `require`. */
const REQUIRE =
  "import { createRequire as nodeCreateRequire } from 'node:module';" +
  'const require = nodeCreateRequire(import.meta.url);';

/**
 * The code of packages, without what nobody needs of it. Maps cover this project's code: those of the
 * packages would be larger than all the rest.
 */
function packages(project: string): Plugin {
  return {
    name: 'packages',
    setup(bundling) {
      const none = Buffer.from('{"version":3,"sources":[""],"mappings":"AAAA"}').toString('base64');
      const map = `//# sourceMappingURL=data:application/json;base64,${none}`;
      const named = namesOf(project);
      bundling.onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, async ({ path }) => {
        const code = shakeable(await readFile(path, 'utf8'), await named);
        return { contents: `${code}\n${map}`, loader: 'default' };
      });
    },
  };
}

/**
 * Takes `node:http` by `require`. An import would ask for each of its exports, some of which load the
 * whole of `fetch` and WebSocket: 15 ms of a function's start that nothing needs.
 */
const lazyHttp: Plugin = {
  name: 'lazy-http',
  setup(bundling) {
    bundling.onResolve({ filter: /^(node:)?https?$/ }, ({ path, kind }) =>
      kind === 'require-call' ? null : { path, namespace: 'lazy-http' },
    );
    bundling.onLoad({ filter: /.*/, namespace: 'lazy-http' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};

/**
 * Lambda gives a function's credentials in its environment. Of the SDK's chain that link is taken
 * alone: the others (profiles, single sign-on, the metadata of machines) are 40 kB of a zip, and 12 ms
 * of the webhook's start.
 */
const environmentCredentials: Plugin = {
  name: 'environment-credentials',
  setup(bundling) {
    bundling.onLoad(
      { filter: /[\\/]credential-provider-node[\\/]dist-es[\\/]index\.js$/ },
      ({ path }) => ({
        contents: "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';",
        resolveDir: dirname(path),
      }),
    );
  },
};

/**
 * Leaves out what the SDK imports only when it is called for, and no function here calls for: answers
 * that are streams of events, and the names of browsers. Else all that they share with the rest would
 * be wrapped, to be run when it is wanted: 9 ms of the webhook's start.
 */
const withoutUncalled: Plugin = {
  name: 'without-uncalled',
  setup(bundling) {
    bundling.onResolve({ filter: /^(@smithy\/core\/event-streams|bowser)$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, external: true } : null,
    );
  },
};

/** Builds a function's code: names of files and what is in them. */
async function buildCode(name: FunctionName, project: string): Promise<Record<string, Uint8Array>> {
  const { outputFiles } = await build({
    absWorkingDir: project,
    entryPoints: [{ in: `functions/${name}/lambda.ts`, out: 'handler' }],
    outdir: `dist/functions/${name}`,
    outExtension: { '.js': '.mjs' },
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    // jsonc-parser's other build asks for its parts in a way that cannot be followed.
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE },
    minify: true,
    keepNames: true,
    legalComments: 'none',
    sourcemap: 'linked',
    sourcesContent: false,
    // Else the place that a linked node_modules is at would stand in the result.
    preserveSymlinks: true,
    plugins: [lazyHttp, environmentCredentials, withoutUncalled, packages(project)],
    logLevel: 'warning',
  });
  return Object.fromEntries(
    outputFiles.map(({ path, contents }) => [path.replace(/^.*[\\/]/, ''), contents]),
  );
}

/** The files of `sql/`, by name; a mistake in one is found here and not at night. */
async function readAnalyses(folder: string): Promise<Record<string, string>> {
  const analyses = await loadAnalyses(folder);
  return Object.fromEntries(analyses.map(({ name, sql }) => [`${name}.sql`, sql]));
}

/** A zip of the same bytes whenever and wherever it is made. */
function zip(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const entries: Zippable = {};
  for (const name of Object.keys(files).sort()) {
    const attributes = { os: 3, attrs: 0o100644 << 16 };
    // Zip knows local time only, from 1980 on.
    entries[name] = [files[name] ?? new Uint8Array(), { ...attributes, mtime: new Date(1980, 0) }];
  }
  return zipSync(entries, { level: 9 });
}

/**
 * Bundles a function with all that it needs into `dist/functions/<name>.zip`: the same sources and
 * packages give the same bytes, on any machine, at any path.
 *
 * @param project root of the project
 * @throws KnowledgeError when the knowledge base has mistakes: they would stop the bot; HeaderError
 *   when an analysis has
 */
export async function bundleFunction(name: FunctionName, project = PROJECT): Promise<Bundle> {
  const code = await buildCode(name, project);
  const files = { ...code };
  if (name === 'webhook') {
    const knowledge = await loadKnowledge(join(project, 'knowledge'));
    files['knowledge.json'] = Buffer.from(packKnowledge(knowledge));
    files['questions.bin'] = packIndex(indexQuestions(knowledge));
  }
  if (name === 'report') {
    const knowledge = await loadKnowledge(join(project, 'knowledge'));
    files['topics.json'] = Buffer.from(JSON.stringify(topicTitles(knowledge)));
    files['analyses.json'] = Buffer.from(JSON.stringify(await readAnalyses(join(project, 'sql'))));
  }
  const bytes = zip(files);
  const folder = join(project, 'dist', 'functions');
  const path = join(folder, `${name}.zip`);
  await mkdir(folder, { recursive: true });
  // In one step: what runs at the same time may be reading it.
  const unfinished = `${path}.${randomUUID()}`;
  await writeFile(unfinished, bytes);
  await rename(unfinished, path);
  return {
    name,
    zip: path,
    sha256Base64: createHash('sha256').update(bytes).digest('base64'),
    bytes: bytes.length,
    codeBytes: zip(code).length,
    handler: LAMBDA_HANDLER,
  };
}

/** Bundles all functions and prints their sizes. @returns whether each keeps its budget */
async function main(): Promise<boolean> {
  let isWithin = true;
  for (const name of Object.keys(BUDGETS) as FunctionName[]) {
    const { bytes, codeBytes } = await bundleFunction(name);
    const budget = BUDGETS[name];
    const size = (count: number) => `${(count / 1_000).toFixed(1)} kB`.padStart(9);
    const line = `${name.padEnd(8)} ${size(bytes)} zipped, ${size(codeBytes)} of code, budget ${size(budget)}`;
    if (codeBytes > budget) {
      isWithin = false;
      process.stderr.write(
        `${line}: too large. Find what came in, or raise the budget in scripts/budgets.ts and say why.\n`,
      );
    } else process.stdout.write(`${line}\n`);
  }
  return isWithin;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = (await main()) ? 0 : 1;
}
