import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { configSchema, type Config } from '../../src/config/config.ts';
import { dayOf } from '../../src/lake/days.ts';
import type { Report } from '../../src/local/report.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../src/local/server.ts';
import { leaveSample, takeSample } from './sharedSample.ts';

/** Saturday noon in São Paulo. */
export const NOON = Date.parse('2026-11-21T15:00:00Z');

/** A place for lakes that a test may fill, and a page that stands for the built one. */
export interface Place {
  readonly folder: string;
  readonly folders: ServerOptions['folders'];
  readonly pageFolder: string;
  remove(): Promise<void>;
}

export async function makePlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'chatbot-'));
  const pageFolder = join(folder, 'page');
  await mkdir(join(pageFolder, 'assets'), { recursive: true });
  await writeFile(join(pageFolder, 'index.html'), '<!doctype html><title>Test</title>');
  await writeFile(join(pageFolder, 'assets', 'index-abc.js'), 'export {};');
  return {
    folder,
    folders: { own: join(folder, 'own'), sample: join(folder, 'sample') },
    pageFolder,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A server over a place, with a clock of its own and all it reports. */
export interface TestServer extends RunningServer {
  readonly reports: readonly Report[];
  get(path: string, headers?: Record<string, string>): Promise<{ status: number; body: never }>;
  post(
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: never }>;
}

export async function startTestServer(
  place: Place,
  options: {
    readonly config?: Partial<Config>;
    readonly now?: () => number;
    readonly telegram?: NonNullable<ServerOptions['telegram']>;
  } = {},
): Promise<TestServer> {
  const reports: Report[] = [];
  let time = NOON;
  const now = options.now ?? (() => (time += 100));
  const config = { ...configSchema.parse({ chats: 'any' }), ...options.config };
  const today = dayOf(now(), config.zone);
  const { sample } = place.folders;
  await takeSample(today, sample);
  const server = await startServer({
    config,
    folders: place.folders,
    pageFolder: place.pageFolder,
    port: 0,
    now,
    report: (report) => reports.push(report),
    pollingPauseMs: 20,
    ...(options.telegram && { telegram: options.telegram }),
  });
  await leaveSample(today, sample);
  const send = async (path: string, init: RequestInit) => {
    const response = await fetch(server.url + path, init);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    return { status: response.status, body: (isJson ? JSON.parse(text) : text) as never };
  };
  return {
    ...server,
    reports,
    get: (path, headers = {}) => send(path, { headers }),
    post: (path, body, headers = {}) =>
      send(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}
