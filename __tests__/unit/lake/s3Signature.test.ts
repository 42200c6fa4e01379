import { createHash, createHmac } from 'node:crypto';

import { describe, expect, test } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';

import { encodeKey, getSigner } from '../../../src/lake/s3Signature.ts';

type Source = ArrayBuffer | ArrayBufferView | string;

/** SHA-256 and its HMAC as the SDK's signer takes them. */
class Sha256 {
  readonly #hash;

  constructor(secret?: Source) {
    this.#hash =
      secret === undefined
        ? createHash('sha256')
        : createHmac('sha256', Buffer.from(secret as string));
  }

  update(data: Source): void {
    this.#hash.update(Buffer.from(data as string));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    throw new Error('Nobody asks for this.');
  }
}

/** The headers that the SDK's signer makes. */
async function headersOfSdk(
  path: string,
  { host, region }: { readonly host: string; readonly region: string },
  { credentials, at }: { readonly credentials: Parameters<typeof getSigner>[0]; readonly at: Date },
): Promise<Record<string, string>> {
  const signer = new SignatureV4({
    ...{ service: 's3', region, credentials, sha256: Sha256 },
    ...{ uriEscapePath: false, applyChecksum: false },
  });
  const empty = createHash('sha256').digest('hex');
  const { headers } = await signer.sign(
    {
      ...{ method: 'GET', protocol: 'https:', hostname: host, path, query: {} },
      headers: { host, 'x-amz-content-sha256': empty },
    },
    { signingDate: at },
  );
  return headers;
}

describe('the signature of a GET', () => {
  const keys = [
    'telegram/context_date=2026-03-10/500000000.json',
    "o'clock (1)*!.json",
    'ação 👋+&%=@~.json',
    'a//b/../c ',
  ];

  test.each(keys)('is what the SDK signs: %s', async (key) => {
    const path = `/bucket/${encodeKey(key)}`;
    const to = { region: 'sa-east-1', host: 'bucket.s3.sa-east-1.amazonaws.com:8443' };
    const at = new Date('2026-03-10T23:59:59.999Z');
    for (const token of [{}, { sessionToken: 'IQoJb3JpZ2luX2VjE+/=' }]) {
      const credentials = {
        accessKeyId: 'AKIDEXAMPLE',
        secretAccessKey: 'wJalr/XUtnFEMI',
        ...token,
      };
      const headers = getSigner(credentials, to, at)(path);
      const pairs = headers.flatMap((name, index) =>
        index % 2 === 0 ? [[name, headers[index + 1]]] : [],
      );
      expect(Object.fromEntries(pairs)).toEqual(await headersOfSdk(path, to, { credentials, at }));
    }
  });

  test('is of one second, and of one who asks', () => {
    const credentials = { accessKeyId: 'A', secretAccessKey: 'S' };
    const to = { region: 'sa-east-1', host: 'h' };
    const at = new Date('2026-03-10T12:00:00.000Z');
    const own = getSigner(credentials, to, at)('/k');
    expect(getSigner(credentials, to, new Date(at.getTime() + 999))('/k')).toEqual(own);
    expect(getSigner(credentials, to, new Date(at.getTime() + 1_000))('/k')).not.toEqual(own);
    expect(getSigner({ ...credentials, secretAccessKey: 'T' }, to, at)('/k')).not.toEqual(own);
  });
});

test('a key keeps its slashes in a path, and nothing that S3 would read as something else', () => {
  expect(encodeKey("a=b/o'clock (1)*!~-_.json")).toBe('a%3Db/o%27clock%20%281%29%2A%21~-_.json');
  expect(encodeKey('%2F+?#')).toBe('%252F%2B%3F%23');
});
