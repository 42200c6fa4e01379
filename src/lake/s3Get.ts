import * as http from 'node:http';
import * as https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';

import { AdaptiveLimit } from './adaptiveLimit.ts';
import { type SignGet, encodeKey, getSigner } from './s3Signature.ts';

/** Connections at most. S3 serves 5,500 GETs a second under a prefix, each in 10 to 100 ms. */
const CONNECTIONS = 256;

/** An answer that does not come for so long never comes, milliseconds. */
const SILENCE = 30_000;

/** Tries of a request. Between them it waits a random share of so many ms, doubled each time. */
export const TRIES = 8;
const FIRST_WAIT = 50;
const LONGEST_WAIT = 5_000;

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

/** Bytes that an answer says it has; NaN when it does not. Only asked for here: few headers are needed. */
function lengthOf({ rawHeaders }: http.IncomingMessage): number {
  const at = rawHeaders.findIndex(
    (name, index) => index % 2 === 0 && name.toLowerCase() === 'content-length',
  );
  return at === -1 ? Number.NaN : Number(rawHeaders[at + 1]);
}

/** Takes a whole answer, or drops it when it is longer than wanted. */
function receive(
  response: http.IncomingMessage,
  most: number,
  resolve: (reply: Reply) => void,
  reject: (error: Error) => void,
): void {
  const status = response.statusCode ?? 0;
  const length = lengthOf(response);
  const chunks: Buffer[] = [];
  let size = 0;
  let isSettled = false;
  const settle = (reply: Reply): void => {
    isSettled = true;
    resolve(reply);
  };
  const drop = (): void => {
    settle({ status, body: null });
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
  response.on('close', () => {
    // An error is made with its stack, which costs more than all else here.
    if (!isSettled) reject(new Error(`S3 sent ${size} of ${length} bytes.`));
  });
  response.on('end', () => {
    if (!response.complete || (!Number.isNaN(length) && size !== length)) return;
    const [only] = chunks;
    settle({ status, body: chunks.length === 1 && only ? only : Buffer.concat(chunks, size) });
  });
}

/**
 * GETs of small objects, hundreds at a time, for a fraction of what they cost through the SDK's
 * client: pooled connections of node:http, and the SDK's chain of credentials. What is not plain
 * (refusals, redirects, a bucket that is missing) is left to the SDK, which knows it all.
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
        // Fresh credentials take no wait, but a try.
        if (tries >= TRIES) throw failure;
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
    const region = await config.region();
    const folder = path.slice(0, -1);
    const host = port === undefined ? hostname : `${hostname}:${port}`;
    const { Agent, request: open } = protocol === 'https:' ? https : http;
    const agent =
      this.#agent ?? new Agent({ keepAlive: true, maxSockets: CONNECTIONS, timeout: SILENCE });
    const endpoint = { hostname, agent, ...(port !== undefined && { port }) };
    let sign: SignGet | undefined;
    let signedFor = '';
    return async (key, most) => {
      // S3's clock: the SDK corrects the machine's by it.
      const now = Date.now() + config.systemClockOffset;
      const moment = `${this.#generation} ${Math.floor(now / 1000)}`;
      if (sign === undefined || moment !== signedFor) {
        sign = getSigner(await config.credentials(), { region, host }, new Date(now));
        signedFor = moment;
      }
      const target = folder + encodeKey(key);
      const headers = sign(target);
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
