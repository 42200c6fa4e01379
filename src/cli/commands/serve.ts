import { join } from 'node:path';

import { reportAsJson, reportAsText } from '../../local/report.ts';
import { startServer } from '../../local/server.ts';
import type { CommandContext } from '../context.ts';

export interface ServeOptions {
  readonly port?: number;
  readonly json?: boolean;
}

/** `chatbot serve`: the page, the webhook and the daily run on this machine, until interrupted. */
export async function serve(context: CommandContext, options: ServeOptions): Promise<void> {
  const { config, environment, output, now, signal } = context;
  const { dataFolder, botToken, telegramApi } = environment;
  const server = await startServer({
    config,
    folders: { own: join(dataFolder, 'own'), sample: join(dataFolder, 'sample') },
    ...(options.port !== undefined && { port: options.port }),
    ...(botToken !== null && {
      telegram: { token: botToken, ...(telegramApi !== null && { apiUrl: telegramApi }) },
    }),
    now,
    report: (report) => {
      output.print(options.json ? reportAsJson(report) : reportAsText(report, output.color));
    },
  });
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
  await server.close();
}
