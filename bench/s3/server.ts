import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** An object of the endpoint. */
export interface ServedObject {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly body: () => Uint8Array;
}

/** What the endpoint serves besides what is written to it: objects in the order of their keys. */
export interface ServedObjects {
  readonly count: number;
  readonly at: (index: number) => ServedObject;
  /** Index of the first object whose key is not less. */
  readonly from: (key: string) => number;
}

/** A request as the endpoint understands it. */
export interface S3Request {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
}

/** Answers a request in place of the endpoint; `false` leaves it to the endpoint. */
type Intercept = (request: S3Request, response: ServerResponse) => boolean;

/** How the endpoint answers. */
export interface S3ServerOptions {
  /** Between a request and its answer, milliseconds. */
  readonly latency?: number;
  /** PEM; with it the endpoint speaks TLS. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly objects?: ServedObjects;
  readonly intercept?: Intercept;
}

/** An S3 endpoint of this machine. */
export interface S3Server {
  readonly endpoint: string;
  /** Requests by kind: `GET`, `HEAD`, `LIST`, `PUT`, `UPLOAD`, `PART`, `COMPLETE`, `ABORT`, `DELETE`. */
  readonly counts: Readonly<Record<string, number>>;
  /** Most requests that were being answered at a time. */
  readonly peak: () => number;
  /** What was written, by `bucket/key`. */
  readonly written: Map<string, Uint8Array>;
  /** Multipart uploads that were begun and neither completed nor aborted. */
  readonly uploads: () => number;
  readonly close: () => Promise<void>;
}

const PAGE = 1000;
const MODIFIED = new Date(Date.UTC(2026, 0, 16));

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function etagOf(bytes: Uint8Array): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}

function inKeyOrder(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  // The SDK sends some bodies in pieces with a trailer: `<hex size>\r\n<bytes>\r\n … 0\r\n<trailer>`.
  if (!request.headers['content-encoding']?.includes('aws-chunked')) return body;
  const parts: Buffer[] = [];
  for (let start = 0; ;) {
    const end = body.indexOf('\r\n', start);
    const size = Number.parseInt(body.toString('latin1', start, end), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(body.subarray(end + 2, end + 2 + size));
    start = end + 2 + size + 2;
  }
}

/** Answers with an error as S3 does. */
export function sendError(response: ServerResponse, status: number, code: string): void {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>told</Message></Error>`;
  response.writeHead(status, { 'content-type': 'application/xml' }).end(body);
}

function sendXml(response: ServerResponse, body: string): void {
  response
    .writeHead(200, { 'content-type': 'application/xml' })
    .end(`<?xml version="1.0" encoding="UTF-8"?>${body}`);
}

/** A bucket's worth of S3: what the endpoint does, without the network. */
class Endpoint {
  readonly counts: Record<string, number> = {};
  readonly written = new Map<string, Uint8Array>();
  readonly uploads = new Map<string, Map<number, Uint8Array>>();
  readonly #objects: ServedObjects | undefined;
  #nextUpload = 1;

  constructor(objects: ServedObjects | undefined) {
    this.#objects = objects;
  }

  answer(request: S3Request, response: ServerResponse, bytes: Buffer): void {
    const { method, key, query } = request;
    const uploadId = query.get('uploadId');
    if (uploadId !== null && !this.uploads.has(uploadId)) sendError(response, 404, 'NoSuchUpload');
    else if (method === 'DELETE' && uploadId !== null) this.#abort(uploadId, response);
    else if (method === 'GET' && key === '') this.#list(request, response);
    else if (method === 'GET' || method === 'HEAD') this.#get(request, response);
    else if (query.has('uploads')) this.#create(request, response);
    else if (query.has('delete')) this.#delete(request, response, bytes);
    else if (method === 'POST' && uploadId !== null) this.#complete(request, response, uploadId);
    else if (uploadId !== null) this.#part(request, response, uploadId, bytes);
    else this.#put(request, response, bytes);
  }

  #count(kind: string): void {
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
  }

  #find(bucket: string, key: string): ServedObject | undefined {
    const bytes = this.written.get(`${bucket}/${key}`);
    if (bytes) return { key, size: bytes.length, etag: etagOf(bytes), body: () => bytes };
    const objects = this.#objects;
    const index = objects?.from(key) ?? 0;
    const object = objects && index < objects.count ? objects.at(index) : undefined;
    return object?.key === key ? object : undefined;
  }

  #get({ method, bucket, key }: S3Request, response: ServerResponse): void {
    this.#count(method);
    const object = this.#find(bucket, key);
    if (!object) {
      sendError(response, 404, 'NoSuchKey');
      return;
    }
    const body = object.body();
    response
      .writeHead(200, {
        'content-type': 'application/octet-stream',
        'content-length': body.length,
        etag: object.etag,
        'last-modified': MODIFIED.toUTCString(),
        'accept-ranges': 'bytes',
        'x-amz-request-id': 'E8F5A2B1C3D4E5F6',
        'x-amz-server-side-encryption': 'aws:kms',
      })
      .end(body);
  }

  /** The first objects under a prefix past a key, one more than a page. */
  #page(bucket: string, prefix: string, after: string): ServedObject[] {
    const own = [...this.written.keys()]
      .filter((path) => path.startsWith(`${bucket}/${prefix}`))
      .map((path) => path.slice(bucket.length + 1))
      .filter((key) => inKeyOrder(key, after) > 0)
      .sort(inKeyOrder)
      .slice(0, PAGE + 1)
      .flatMap((key) => this.#find(bucket, key) ?? []);
    const served: ServedObject[] = [];
    const objects = this.#objects;
    let index = objects?.from(after < prefix ? prefix : after) ?? 0;
    for (; objects && index < objects.count && served.length <= PAGE; index++) {
      const object = objects.at(index);
      if (!object.key.startsWith(prefix)) break;
      if (object.key > after) served.push(object);
    }
    if (own.length === 0) return served;
    const names = new Set(own.map(({ key }) => key));
    return [...own, ...served.filter(({ key }) => !names.has(key))]
      .sort((a, b) => inKeyOrder(a.key, b.key))
      .slice(0, PAGE + 1);
  }

  #list({ bucket, query }: S3Request, response: ServerResponse): void {
    this.#count('LIST');
    const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
    const found = this.#page(bucket, query.get('prefix') ?? '', after);
    const shown = found.slice(0, PAGE);
    const contents = shown.map(
      ({ key, size, etag }) =>
        `<Contents><Key>${escapeXml(key)}</Key><LastModified>${MODIFIED.toISOString()}</LastModified>` +
        `<ETag>${escapeXml(etag)}</ETag><Size>${size}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
    );
    const isTruncated = found.length > PAGE;
    const next = isTruncated
      ? `<NextContinuationToken>${escapeXml(shown.at(-1)?.key ?? '')}</NextContinuationToken>`
      : '';
    sendXml(
      response,
      `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${bucket}</Name>` +
        `<KeyCount>${shown.length}</KeyCount><MaxKeys>${PAGE}</MaxKeys>` +
        `<IsTruncated>${isTruncated}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`,
    );
  }

  /** Whether the conditions of a write hold; if not, the answer is sent. */
  #holds({ bucket, key, headers }: S3Request, response: ServerResponse): boolean {
    const there = this.#find(bucket, key);
    const wanted = headers['if-match'];
    if (headers['if-none-match'] !== undefined && there) {
      sendError(response, 412, 'PreconditionFailed');
      return false;
    }
    if (wanted !== undefined && wanted !== there?.etag) {
      if (there) sendError(response, 412, 'PreconditionFailed');
      else sendError(response, 404, 'NoSuchKey');
      return false;
    }
    return true;
  }

  #put(request: S3Request, response: ServerResponse, bytes: Buffer): void {
    this.#count('PUT');
    if (!this.#holds(request, response)) return;
    this.written.set(`${request.bucket}/${request.key}`, bytes);
    response.writeHead(200, { etag: etagOf(bytes), 'content-length': 0 }).end();
  }

  #delete({ bucket }: S3Request, response: ServerResponse, bytes: Buffer): void {
    this.#count('DELETE');
    for (const [, name = ''] of bytes.toString().matchAll(/<Key>([^<]*)<\/Key>/g)) {
      this.written.delete(`${bucket}/${name}`);
    }
    sendXml(response, '<DeleteResult></DeleteResult>');
  }

  #create({ bucket, key }: S3Request, response: ServerResponse): void {
    this.#count('UPLOAD');
    const id = `upload-${this.#nextUpload++}`;
    this.uploads.set(id, new Map());
    sendXml(
      response,
      `<InitiateMultipartUploadResult><Bucket>${bucket}</Bucket><Key>${escapeXml(key)}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
    );
  }

  #part({ query }: S3Request, response: ServerResponse, uploadId: string, bytes: Buffer): void {
    this.#count('PART');
    this.uploads.get(uploadId)?.set(Number(query.get('partNumber')), bytes);
    response.writeHead(200, { etag: etagOf(bytes), 'content-length': 0 }).end();
  }

  #complete(request: S3Request, response: ServerResponse, uploadId: string): void {
    this.#count('COMPLETE');
    if (!this.#holds(request, response)) return;
    const parts = [...(this.uploads.get(uploadId)?.entries() ?? [])].sort(([a], [b]) => a - b);
    const whole = Buffer.concat(parts.map(([, part]) => part));
    this.written.set(`${request.bucket}/${request.key}`, whole);
    this.uploads.delete(uploadId);
    sendXml(
      response,
      `<CompleteMultipartUploadResult><ETag>${escapeXml(etagOf(whole))}</ETag></CompleteMultipartUploadResult>`,
    );
  }

  #abort(uploadId: string, response: ServerResponse): void {
    this.#count('ABORT');
    this.uploads.delete(uploadId);
    response.writeHead(204).end();
  }
}

function understand(request: IncomingMessage): S3Request {
  const [path = '', query = ''] = (request.url ?? '/').split('?', 2);
  const slash = path.indexOf('/', 1);
  return {
    method: request.method ?? '',
    bucket: slash === -1 ? path.slice(1) : path.slice(1, slash),
    key: slash === -1 ? '' : decodeURIComponent(path.slice(slash + 1)),
    query: new URLSearchParams(query),
    headers: request.headers,
  };
}

/**
 * Starts an S3 endpoint on a free port of 127.0.0.1: objects are read, listed, written (whole and in
 * parts, with conditions) and deleted as S3 does it; nobody's signature is looked at. What is written
 * lies in memory.
 */
export async function startS3Server(options: S3ServerOptions = {}): Promise<S3Server> {
  const { latency = 0, tls, intercept } = options;
  const endpoint = new Endpoint(options.objects);
  let open = 0;
  let peak = 0;

  const answer = (request: S3Request, response: ServerResponse, bytes: Buffer): void => {
    if (intercept?.(request, response) !== true) endpoint.answer(request, response, bytes);
  };
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    peak = Math.max(peak, ++open);
    response.on('close', () => open--);
    const asked = understand(request);
    const reading = asked.method === 'GET' ? Promise.resolve(Buffer.alloc(0)) : readBody(request);
    reading.then(
      (bytes) => {
        if (latency > 0) setTimeout(answer, latency, asked, response, bytes);
        else answer(asked, response, bytes);
      },
      () => response.destroy(),
    );
  };
  const server = tls ? createTlsServer(tls, handle) : createServer(handle);
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    counts: endpoint.counts,
    peak: () => peak,
    written: endpoint.written,
    uploads: () => endpoint.uploads.size,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
