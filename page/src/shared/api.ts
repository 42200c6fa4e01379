import type { ApiError } from '../../../src/local/api.ts';

/** What went wrong, and what to do about it, as the server or the network tells. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly remedy: string | null;
  /** HTTP status; 0 when the server was not reached. */
  readonly status: number;

  constructor(message: string, remedy: string | null, status: number) {
    super(message);
    this.remedy = remedy;
    this.status = status;
  }
}

/** Reads a resource of the API. @param path under `/api` @throws RequestError */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return request<T>(path, signal ? { signal } : {});
}

/** Sends JSON to the API. @param path under `/api` @throws RequestError */
export async function post<T>(path: string, body: object): Promise<T> {
  return request<T>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function request<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(`/api${path}`, init).catch((error: unknown) => {
    if (init.signal?.aborted) throw error;
    throw new RequestError('unreachable', null, 0);
  });
  if (response.ok) return (await response.json()) as T;
  const error = (await response.json().catch(() => null)) as ApiError | null;
  throw new RequestError(
    error?.error ?? `HTTP ${response.status}`,
    error?.remedy ?? null,
    response.status,
  );
}
