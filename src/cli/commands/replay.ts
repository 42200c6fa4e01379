import { readFile } from 'node:fs/promises';

import { replay as replayRejected } from '../../../functions/etl/replay.ts';
import { parseDay } from '../../lake/days.ts';
import { type CommandContext, type CommonOptions, openCommandLake } from '../context.ts';
import { PartialFailure, UsageError } from '../errors.ts';
import { progressLine, runLine } from './etl.ts';

export interface ReplayOptions extends CommonOptions {
  readonly day?: string;
  readonly key?: readonly string[];
  readonly body?: string;
}

async function readBody(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError(`--body ${file} cannot be read: ${(error as Error).message}`);
  }
}

/** `chatbot replay`: brings rejected objects back, mended or as they are. */
export async function replay(context: CommandContext, options: ReplayOptions): Promise<void> {
  const { output, config, signal } = context;
  const { day, key: keys, body } = options;
  const [key] = keys ?? [];
  if (body !== undefined && (key === undefined || keys?.length !== 1)) {
    throw new UsageError('--body mends one object: name it with --key.');
  }
  if (day !== undefined && keys !== undefined) {
    throw new UsageError('Name a day (--day) or objects (--key), not both.');
  }
  const lake = await openCommandLake(context, options.lake);
  const result = await replayRejected(lake, {
    now: context.now(),
    rawRetentionDays: config.rawRetentionDays,
    chats: config,
    signal,
    ...(day !== undefined && { day: parseDay(day) }),
    ...(keys && { keys }),
    ...(body !== undefined &&
      key !== undefined && { mended: new Map([[key, await readBody(body)]]) }),
    onProgress: (progress) => {
      output.progress(progressLine(progress));
    },
  });
  const { replayed, failed, runs, failures } = result;
  if (options.json) {
    const daysFailed = failures.map((failure) => ({
      day: failure.day,
      error: failure.error.message,
    }));
    output.print(JSON.stringify({ replayed, failed, runs, failures: daysFailed }));
  } else {
    for (const { key: from, rawKey } of replayed) output.print(`${from} → ${rawKey}`);
    for (const run of runs) output.print(runLine(run, output));
    if (replayed.length + failed.length === 0) output.print('Nothing is rejected.');
  }
  for (const { key: from, reason } of failed) output.note(`${from} did not come back: ${reason}`);
  for (const failure of failures) output.note(`${failure.day}: ${failure.error.message}`);
  if (failed.length + failures.length > 0) {
    throw new PartialFailure(
      'Not everything came back. Mend an object and replay it: chatbot replay --key KEY --body FILE',
    );
  }
}
