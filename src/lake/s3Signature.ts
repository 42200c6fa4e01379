import { createHmac, hash } from 'node:crypto';

/** SHA-256 of an empty body. */
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** A key as it stands in the path of a request: slashes and unreserved characters are as they are. */
export function encodeKey(key: string): string {
  return encodeURIComponent(key).replaceAll(/%2F|[!'()*]/g, (char) =>
    char === '%2F' ? '/' : `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Who asks, as the SDK's credentials say it. */
interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Signs a GET of a path. @returns all headers of the request, name and value in turn */
export type SignGet = (path: string) => string[];

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/**
 * Signs GETs of one moment by AWS's Signature Version 4: the SDK's signer takes a tenth of all that a
 * small GET costs, most of it for what is the same for each of them.
 *
 * @param to.host with the port, where it is not the protocol's own
 * @param at S3 takes it for a quarter of an hour
 * @returns what signs a path, whose key is encoded by `encodeKey`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function getSigner(
  { accessKeyId, secretAccessKey, sessionToken }: Identity,
  { region, host }: { readonly region: string; readonly host: string },
  at: Date,
): SignGet {
  const time = at.toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
  const scope = [time.slice(0, 8), region, 's3', 'aws4_request'];
  const key = scope.reduce<Buffer | string>(hmac, `AWS4${secretAccessKey}`);
  const signed = [
    ['host', host],
    ['x-amz-content-sha256', EMPTY],
    ['x-amz-date', time],
    ...(sessionToken === undefined ? [] : [['x-amz-security-token', sessionToken]]),
  ];
  const names = signed.map(([name]) => name).join(';');
  const lines = signed.map((header) => `${header.join(':')}\n`).join('');
  const afterPath = `\n\n${lines}\n${names}\n${EMPTY}`;
  const toSign = `AWS4-HMAC-SHA256\n${time}\n${scope.join('/')}\n`;
  const given = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope.join('/')}, SignedHeaders=${names}, Signature=`;
  const headers = [...signed.flat(), 'authorization'];
  return (path) => {
    const request = hash('sha256', `GET\n${path}${afterPath}`);
    const signature = createHmac('sha256', key).update(`${toSign}${request}`).digest('hex');
    return [...headers, `${given}${signature}`];
  };
}
