import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { plainEnvironment } from '../../localstack/deployment.ts';
import { findTerraform } from '../../localstack/terraform.ts';
import { temporaryFolder } from '../support/folders.ts';
import { requirement } from '../support/requirement.ts';
import { PROJECT } from '../support/stacks.ts';

/** What a service answers. */
interface Answer {
  readonly status: number;
  readonly body: string;
}

const ACCOUNT = '123456789012';

/** Of the Security Token Service, as AWS writes it. */
const IDENTITY = {
  status: 200,
  body: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${ACCOUNT}:user/me</Arn><UserId>AIDA</UserId><Account>${ACCOUNT}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
};

const stsError = (code: string, message: string): Answer => ({
  status: 403,
  body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
});

const s3Error = (status: number, code: string, message: string): Answer => ({
  status,
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message><BucketName>shop</BucketName><RequestId>1</RequestId><HostId>1</HostId></Error>`,
});

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: Server;
let endpoint: string;
let sts: Answer;
let s3: Answer;
let number = 0;

beforeAll(async () => {
  folder = await temporaryFolder();
  server = createServer((request, response) => {
    request.resume().on('end', () => {
      const isSts = request.headers.authorization?.includes('/sts/aws4_request') === true;
      const { status, body } = isSts ? sts : s3;
      response.writeHead(status, { 'content-type': 'text/xml' });
      response.end(request.method === 'HEAD' ? undefined : body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.close();
  await folder.remove();
});

beforeEach(() => {
  sts = IDENTITY;
  s3 = s3Error(404, 'NoSuchBucket', 'The specified bucket does not exist');
});

/** Writes what `npm run synth` would, and runs a script on it. @returns its code and error output */
async function run(
  scripts: readonly (readonly [script: string, ...args: string[]])[],
  settings: {
    readonly env?: Readonly<Record<string, string>>;
    readonly backend?: object;
    readonly account?: string;
  } = {},
): Promise<{ readonly code: number; readonly stderr: string }> {
  const { env = {}, backend = { local: {} }, account = ACCOUNT } = settings;
  number += 1;
  const output = join(folder.path, String(number));
  const workingDirectory = 'stacks/shop-dev';
  await mkdir(join(output, workingDirectory), { recursive: true });
  await writeFile(
    join(output, 'manifest.json'),
    JSON.stringify({ stacks: { 'shop-dev': { name: 'shop-dev', workingDirectory } } }),
  );
  const stack = {
    terraform: {
      backend,
      required_providers: { aws: { source: 'aws', version: '5.100.0' } },
    },
    provider: { aws: [{ region: 'us-east-1', allowed_account_ids: [account], max_retries: 1 }] },
    resource: { aws_s3_bucket: { layer: { bucket: 'shop' } } },
  };
  await writeFile(join(output, workingDirectory, 'cdk.tf.json'), JSON.stringify(stack));
  let ended = { code: 0, stderr: '' };
  for (const [script, ...args] of scripts) {
    try {
      const { stderr } = await promisify(execFile)(
        process.execPath,
        ['--import', 'tsx', join(PROJECT, 'scripts', script), ...args],
        {
          cwd: PROJECT,
          env: {
            ...plainEnvironment(),
            CDKTF_OUTDIR: output,
            AWS_ENDPOINT_URL: endpoint,
            AWS_EC2_METADATA_DISABLED: 'true',
            AWS_CONFIG_FILE: join(folder.path, 'none'),
            AWS_SHARED_CREDENTIALS_FILE: join(folder.path, 'none'),
            ...env,
          },
        },
      );
      ended = { code: 0, stderr };
    } catch (error) {
      ended = error as Error & typeof ended;
    }
  }
  return ended;
}

const PLAN = ['plan.ts', '--account'] as const;
const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' };

describe('npm run plan, on a machine', () => {
  test('says how it is called, before anything else', async () => {
    const help = ['--import', 'tsx', join(PROJECT, 'scripts/plan.ts'), '--synth', '--help'];
    // Nothing could be synthesized or planned: there is no npm and no Terraform.
    const env = { PATH: folder.path, CDKTF_OUTDIR: join(folder.path, 'nowhere') };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, help, {
      cwd: PROJECT,
      env,
    });
    expect(stderr).toBe('');
    for (const option of ['--account', '--allow-delete', '--detailed-exitcode', '--synth']) {
      expect(stdout).toContain(`\n  ${option}`);
    }
    expect(existsSync(env.CDKTF_OUTDIR)).toBe(false);
  });

  test('whose stack cannot be synthesized says so', async () => {
    const { code, stderr } = await run([['plan.ts', '--synth']], { env: { CHATBOT_ZONE: 'Mars' } });
    expect(code).toBe(1);
    expect(stderr).toContain('Mars');
    expect(stderr).toMatch(/^The stack cannot be synthesized: npm run synth fails\.$/m);
  });

  test('without Terraform says how to get it', async () => {
    const { code, stderr } = await run([['plan.ts']], { env: { PATH: folder.path } });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^There is no Terraform here\. Install Terraform 1\.11 or newer .*https:/,
    );
  });

  test('with an old Terraform says which it wants', async () => {
    const old = join(folder.path, 'old');
    await mkdir(old);
    await writeFile(join(old, 'terraform'), `#!/bin/sh\necho '{"terraform_version":"1.9.8"}'\n`);
    await chmod(join(old, 'terraform'), 0o755);
    const env = { PATH: [old, dirname(process.execPath), '/bin'].join(delimiter) };
    const { code, stderr } = await run([['plan.ts']], { env });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Terraform 1\.9\.8 is too old\. Install Terraform 1\.11 or newer/);
  });

  test('in a workflow wants the state in a bucket', async () => {
    const { code, stderr } = await run([PLAN], { env: { CI: 'true' } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^No bucket is set for Terraform's state.*npm run bootstrap/);
  });
});

function hasTerraform(): boolean {
  try {
    findTerraform();
    return true;
  } catch {
    return false;
  }
}

requirement(
  'Terraform',
  hasTerraform(),
  'https://developer.hashicorp.com/terraform/install',
)('npm run plan -- --account', () => {
  test('without credentials says how to sign in', async () => {
    const { code, stderr } = await run([PLAN]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^There are no credentials for AWS here\. Sign in \(aws sso login\)/);
    expect(stderr).toContain('Error: No valid credential sources found');
  });

  test('with expired credentials says so', async () => {
    sts = stsError('ExpiredToken', 'The security token included in the request is expired');
    const { code, stderr } = await run([PLAN], { env: { ...KEYS, AWS_SESSION_TOKEN: 'old' } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Your credentials for AWS have expired\. Sign in again/);
  });

  test('with credentials that AWS does not know says so', async () => {
    sts = stsError(
      'InvalidClientTokenId',
      'The security token included in the request is invalid.',
    );
    const { stderr } = await run([PLAN], { env: KEYS });
    expect(stderr).toMatch(/^AWS does not know these credentials\. Check AWS_PROFILE/);
  });

  test("with another account's credentials names the setting", async () => {
    const { code, stderr } = await run([PLAN], { env: KEYS, account: '999999999999' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The credentials are of another account .*CHATBOT_ACCOUNT/);
    expect(stderr).toContain(ACCOUNT);
  });

  test("without the state's bucket says how to make it", async () => {
    const { code, stderr } = await run([PLAN], {
      env: KEYS,
      backend: {
        s3: { bucket: 'shop-tf', key: 'shop', region: 'us-east-1', use_path_style: true },
      },
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^The bucket of Terraform's state is not there\. Make it \(npm run bootstrap\)/,
    );
  });

  test("and a deployment onto a bucket's name that is taken says what to change", async () => {
    s3 = s3Error(
      409,
      'BucketAlreadyExists',
      'The requested bucket name is not available. The bucket namespace is shared by all users of the system.',
    );
    const { code, stderr } = await run([PLAN, ['deploy-plan.ts']], { env: KEYS });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^Somebody else in the world has a bucket of this name\. Choose another project/,
    );
  });
});
