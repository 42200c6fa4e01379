import { createHash, createHmac } from 'node:crypto';
import * as http from 'node:http';
import * as https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { SignatureV4 } from '@smithy/signature-v4';

import { AdaptiveLimit } from './adaptiveLimit.ts';

/** Connections at most. S3 serves 5,500 GETs a second under a prefix, each in 10 to 100 ms. */
const CONNECTIONS = 256;

/** An answer that does not come for so long never comes, milliseconds. */
const SILENCE = 30_000;

/** Tries of a request. Between them it waits a random share of so many ms, doubled each time. */
const TRIES = 8;
const FIRST_WAIT = 50;
const LONGEST_WAIT = 5_000;

/** SHA-256 of an empty body. */
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** Times that a request has credentials fetched anew; those that still are no good are the SDK's to tell of. */
const REFRESHES = 3;

/** What S3 calls credentials that were good a moment ago. */
const EXPIRED = /<Code>(?:ExpiredToken|ExpiredTokenException|TokenRefreshRequired)<\/Code>/;

/** What came of a GET: the whole body, that there is no object, or that it is left to the SDK. */
type Got = { readonly body: Buffer } | 'left' | 'missing';

interface Reply {
  readonly status: number;
  /** null when there is more of it than was asked for. */
  readonly body: Buffer | null;
}

type Ask = (key: string, most: number) => Promise<Reply>;

type Source = ArrayBuffer | ArrayBufferView | string;

function bytesOf(source: Source): Uint8Array | string {
  if (typeof source === 'string' || source instanceof Uint8Array) return source;
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
}

/** SHA-256 and its HMAC as the signer takes them. */
class Sha256 {
  readonly #secret: Source | undefined;
  #hash;

  constructor(secret?: Source) {
    this.#secret = secret;
    this.#hash = this.#fresh();
  }

  #fresh() {
    return this.#secret === undefined
      ? createHash('sha256')
      : createHmac('sha256', bytesOf(this.#secret));
  }

  update(data: Source): void {
    this.#hash.update(bytesOf(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    this.#hash = this.#fresh();
  }
}

/** A part of a key as it stands in a path. */
function encodePart(part: string): string {
  return encodeURIComponent(part).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Where the objects of a bucket are. */
interface Address {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: number | undefined;
  /** Of the key "k". */
  readonly path: string;
}

/** Asks the SDK where it would send a request: region, endpoint and style are its to know. */
async function addressOf(client: S3Client, bucket: string): Promise<Address> {
  const command = new GetObjectCommand({ Bucket: bucket, Key: 'k' });
  let address: Address | undefined;
  command.middlewareStack.add(
    () => (args) => {
      address = args.request as Address;
      return Promise.resolve({ output: { $metadata: {} }, response: undefined });
    },
    { step: 'finalizeRequest', priority: 'high', name: 'whereTo' },
  );
  await client.send(command);
  if (address === undefined) throw new Error('The SDK does not tell where the bucket is.');
  return address;
}

/** Takes a whole answer, or drops it when it is longer than wanted. */
function receive(
  response: http.IncomingMessage,
  most: number,
  resolve: (reply: Reply) => void,
  reject: (error: Error) => void,
): void {
  const status = response.statusCode ?? 0;
  const length = Number(response.headers['content-length'] ?? Number.NaN);
  const chunks: Buffer[] = [];
  let size = 0;
  const drop = (): void => {
    resolve({ status, body: null });
    response.destroy();
  };
  response.on('error', reject);
  if (length > most) {
    drop();
    return;
  }
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size > most) drop();
  });
  // After a promise is settled, what else happens to it is nothing.
  response.on('close', () => {
    reject(new Error(`S3 sent ${size} of ${length} bytes.`));
  });
  response.on('end', () => {
    if (!response.complete || (!Number.isNaN(length) && size !== length)) return;
    const [only] = chunks;
    resolve({ status, body: chunks.length === 1 && only ? only : Buffer.concat(chunks, size) });
  });
}

/**
 * GETs of small objects, hundreds at a time, for a fraction of what they cost through the SDK's
 * client: pooled connections of node:http, the SDK's own signer and chain of credentials. What is not
 * plain (refusals, redirects, a bucket that is missing) is left to the SDK, which knows it all.
 *
 * How many are under way adapts to 503 SlowDown; failures of the network and of S3 are tried again
 * after a random wait; credentials that have expired are fetched anew.
 */
export class S3Get {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #agent: https.Agent | undefined;
  readonly #limit = new AdaptiveLimit(CONNECTIONS);
  #ready: Promise<Ask> | undefined;
  #refreshing: Promise<unknown> | undefined;
  /** Counts the credentials: who was refused with older ones need not fetch any. */
  #generation = 0;

  /** @param from.agent connections to use in place of its own, for instance to trust a certificate */
  constructor(from: {
    readonly client: S3Client;
    readonly bucket: string;
    readonly agent?: https.Agent;
  }) {
    this.#client = from.client;
    this.#bucket = from.bucket;
    this.#agent = from.agent;
  }

  /**
   * Reads an object whole.
   *
   * @param most bytes that are wanted at most; an object that has more is left to the SDK
   * @throws the last failure of the network or of S3 when trying again did not help
   */
  async get(key: string, most: number): Promise<Got> {
    this.#ready ??= this.#prepare().catch((error: unknown) => {
      this.#ready = undefined;
      throw error;
    });
    const ask = await this.#ready;
    return this.#limit.run(async (slowDown) => {
      let refreshes = 0;
      for (let tries = 1; ; tries++) {
        let failure: Error;
        try {
          const generation = this.#generation;
          const { status, body } = await ask(key, most);
          if (body === null) return 'left';
          if (status === 200) return { body };
          const text = body.toString();
          if (status === 404) return text.includes('<Code>NoSuchKey<') ? 'missing' : 'left';
          if (EXPIRED.test(text) && refreshes++ < REFRESHES) {
            if (generation === this.#generation) await this.#refresh();
            continue;
          }
          if (status < 500 && status !== 429) return 'left';
          if (status === 503 || status === 429) slowDown();
          failure = new Error(`S3 answered ${status} ${/<Code>(\w+)</.exec(text)?.[1] ?? ''}`);
        } catch (error) {
          failure = error as Error;
        }
        if (tries === TRIES) throw failure;
        await sleep(Math.random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tries));
      }
    });
  }

  /** Fetches credentials anew, once for all who found them expired. */
  #refresh(): Promise<unknown> {
    this.#refreshing ??= this.#client.config
      .credentials({ forceRefresh: true })
      .then(() => this.#generation++)
      .finally(() => {
        this.#refreshing = undefined;
      });
    return this.#refreshing;
  }

  async #prepare(): Promise<Ask> {
    const { config } = this.#client;
    const { protocol, hostname, port, path } = await addressOf(this.#client, this.#bucket);
    const folder = path.slice(0, -1);
    const host = port === undefined ? hostname : `${hostname}:${port}`;
    const signer = new SignatureV4({
      service: 's3',
      region: config.region,
      credentials: config.credentials,
      sha256: Sha256,
      uriEscapePath: false,
      applyChecksum: false,
    });
    const { Agent, request: open } = protocol === 'https:' ? https : http;
    const agent =
      this.#agent ?? new Agent({ keepAlive: true, maxSockets: CONNECTIONS, timeout: SILENCE });
    const endpoint = { hostname, agent, ...(port !== undefined && { port }) };
    return async (key, most) => {
      const target = folder + key.split('/').map(encodePart).join('/');
      const { headers } = await signer.sign(
        {
          method: 'GET',
          protocol,
          hostname,
          path: target,
          query: {},
          headers: { host, 'x-amz-content-sha256': EMPTY },
        },
        { signingDate: new Date(Date.now() + config.systemClockOffset) },
      );
      return new Promise((resolve, reject) => {
        const request = open({ ...endpoint, path: target, headers }, (response) => {
          receive(response, most, resolve, reject);
        });
        request.on('error', reject);
        request.on('timeout', () => request.destroy(new Error('S3 did not answer in time.')));
        request.end();
      });
    };
  }
}
