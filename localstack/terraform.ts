import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import * as z from 'zod';

/** Terraform as it is on this machine. */
export interface Terraform {
  /** For instance `1.11.4`. */
  readonly version: string;
  /** Where it gets its provider from, for people: the registry, or a folder. */
  readonly providers: string;
  /** Variables that it is to be called with, besides those of the caller. */
  readonly env: Readonly<Record<string, string>>;
}

/** Terraform is missing or too old, or a command of it failed; the message says what to do. */
class TerraformError extends Error {
  override readonly name = 'TerraformError';
}

/** Write-only arguments came with it. */
const OLDEST = [1, 11] as const;

const HOW_TO_GET_TERRAFORM =
  `Install Terraform ${OLDEST.join('.')} or newer and put it on the PATH: ` +
  'https://developer.hashicorp.com/terraform/install';

/** The provider's folder in a mirror. */
const PROVIDER = join('registry.terraform.io', 'hashicorp', 'aws');

/** Folders whose folders may be mirrors. */
const PLACES = ['/opt', '/usr/local/share', '/usr/local/lib', '/usr/share', homedir()];

/** Written when there is a mirror: tells Terraform of it. */
const CLI_CONFIG = fileURLToPath(new URL('../.cache/terraform.tfrc', import.meta.url));

const versionSchema = z.object({ terraform_version: z.string() });

function foldersOf(place: string): string[] {
  try {
    return readdirSync(place, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(place, entry.name));
  } catch {
    return [];
  }
}

/** A folder that has the provider, so that nothing is downloaded; null for the registry. */
function findMirror(env: NodeJS.ProcessEnv): string | null {
  const named = env['CHATBOT_TERRAFORM_MIRROR'] ?? '';
  const candidates = named === '' ? PLACES.flatMap(foldersOf) : [named];
  return candidates.find((folder) => existsSync(join(folder, PROVIDER))) ?? null;
}

/** The user's own settings for Terraform; null where there are none. */
function ownConfig(env: NodeJS.ProcessEnv): string | null {
  const candidates = [env['TF_CLI_CONFIG_FILE'] ?? '', join(homedir(), '.terraformrc')];
  return candidates.find((file) => file !== '' && existsSync(file)) ?? null;
}

function providerSettings(env: NodeJS.ProcessEnv): Pick<Terraform, 'env' | 'providers'> {
  const own = ownConfig(env);
  if (own !== null) return { providers: `as ${own} says`, env: { TF_CLI_CONFIG_FILE: own } };
  const mirror = findMirror(env);
  if (mirror === null)
    return { providers: "HashiCorp's registry", env: { TF_CLI_CONFIG_FILE: '' } };
  mkdirSync(join(CLI_CONFIG, '..'), { recursive: true });
  // In one step: another Terraform may be reading it.
  const unfinished = `${CLI_CONFIG}.${process.pid}`;
  writeFileSync(
    unfinished,
    `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
  );
  renameSync(unfinished, CLI_CONFIG);
  return { providers: `the folder ${mirror}`, env: { TF_CLI_CONFIG_FILE: CLI_CONFIG } };
}

/**
 * Finds Terraform on the PATH. Its provider comes from the registry, unless the user's own settings
 * for Terraform say otherwise, or a mirror is found: the folder that CHATBOT_TERRAFORM_MIRROR names,
 * or one in the usual places.
 *
 * @param env for instance `process.env`
 * @throws TerraformError when there is none, or it is too old
 */
export function findTerraform(env: NodeJS.ProcessEnv = process.env): Terraform {
  const settings = providerSettings(env);
  const offline = { ...settings.env, CHECKPOINT_DISABLE: '1' };
  const { error, stdout } = spawnSync('terraform', ['version', '-json'], {
    env: { ...env, ...offline },
    encoding: 'utf8',
  });
  if (error) throw new TerraformError(`There is no Terraform here. ${HOW_TO_GET_TERRAFORM}`);
  let version: string;
  try {
    version = versionSchema.parse(JSON.parse(stdout)).terraform_version;
  } catch (cause) {
    const message = `The terraform on the PATH does not tell its version. ${HOW_TO_GET_TERRAFORM}`;
    throw new TerraformError(message, { cause });
  }
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new TerraformError(`Terraform ${version} is too old. ${HOW_TO_GET_TERRAFORM}`);
  }
  return {
    version,
    providers: settings.providers,
    env: { ...offline, TF_IN_AUTOMATION: '1', TF_INPUT: '0' },
  };
}

const run = promisify(execFile);

/**
 * Calls Terraform and waits until it has ended.
 *
 * @param folder where `cdk.tf.json` is
 * @param env all variables but those of {@link Terraform.env}, for instance credentials
 * @returns what it wrote to its standard output
 * @throws TerraformError with all that it wrote, when it fails
 */
export async function runTerraform(
  terraform: Terraform,
  folder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  try {
    const { stdout } = await run('terraform', [...args], {
      cwd: folder,
      env: { ...env, ...terraform.env },
      maxBuffer: 256 * 1024 ** 2,
    });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new TerraformError(`terraform ${args.join(' ')} failed.\n${stdout}${stderr}`, {
      cause: error,
    });
  }
}
