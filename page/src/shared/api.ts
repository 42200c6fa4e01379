import type { ApiError } from '../../../src/local/api.ts';

/** What went wrong, and what to do about it, as the server or the network tells. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly remedy: string | null;
  /** HTTP status; 0 when the server was not reached. */
  readonly status: number;
  /** Where in a query the mistake stands; null where that is not known. */
  readonly place: ApiError['place'] | null;

  constructor(
    message: string,
    remedy: string | null,
    status: number,
    place: ApiError['place'] | null = null,
  ) {
    super(message);
    this.remedy = remedy;
    this.status = status;
    this.place = place;
  }
}

/** Reads a resource of the API. @param path under `/api` @throws RequestError */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return request<T>(path, signal ? { signal } : {});
}

/** Sends JSON to the API. @param path under `/api` @throws RequestError */
export async function post<T>(path: string, body: object, signal?: AbortSignal): Promise<T> {
  return request<T>(path, posting(body, signal));
}

/** Sends JSON to the API and gets a file. @param path under `/api` @throws RequestError */
export async function postForFile(path: string, body: object): Promise<Blob> {
  return (await respond(path, posting(body))).blob();
}

function posting(body: object, signal?: AbortSignal): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  };
}

async function request<T>(path: string, init: RequestInit): Promise<T> {
  return (await (await respond(path, init)).json()) as T;
}

async function respond(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(`/api${path}`, init).catch((error: unknown) => {
    if (init.signal?.aborted) throw error;
    throw new RequestError('unreachable', null, 0);
  });
  if (response.ok) return response;
  const error = (await response.json().catch(() => null)) as ApiError | null;
  throw new RequestError(
    error?.error ?? `HTTP ${response.status}`,
    error?.remedy ?? null,
    response.status,
    error?.place ?? null,
  );
}
