import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';

import { runDay } from '../../../functions/etl/runDay.ts';
import type { Day } from '../../lake/days.ts';
import { type Receipt, erasePerson, isNothing } from '../../lake/erase/erasePerson.ts';
import { personOf } from '../../lake/erase/person.ts';
import { FolderStore } from '../../lake/folderStore.ts';
import type { Lake } from '../../lake/lake.ts';
import type { ObjectStore } from '../../lake/objectStore.ts';
import { amount } from '../../local/report.ts';
import {
  type CommandContext,
  type CommonOptions,
  lakeFolder,
  openCommandLake,
} from '../context.ts';
import { PartialFailure, UsageError } from '../errors.ts';

export interface EraseOptions extends CommonOptions {
  readonly user: number;
  readonly on: 'aws' | 'local';
  readonly yes?: boolean;
}

/**
 * Asks whether it is meant: the id is to be written again.
 *
 * @throws UsageError when nobody can be asked, or the answer is another
 */
async function confirm(
  { input, output, signal }: CommandContext,
  user: number,
  where: string,
): Promise<void> {
  if (input.isTTY !== true) {
    throw new UsageError('Erasing cannot be undone. If it is meant, say so with --yes.');
  }
  output.note(
    `All that ${where} holds of user ${user} will be erased, for good. Write the id again to go on:`,
  );
  const lines = createInterface({ input });
  const closed = once(lines, 'close').then(() => '');
  const answer = await Promise.race([lines.question('', { signal }), closed]).finally(() => {
    lines.close();
  });
  if (answer.trim() !== String(user)) throw new UsageError('Nothing was erased.');
}

/** The receipt as lines of text. */
function receiptLines(receipt: Receipt): string[] {
  const { user, raw, rejected, state, tables, files } = receipt;
  if (isNothing(receipt)) return [`Nothing is here of user ${user}.`];
  const lines: [string, string][] = [
    ['Raw', `${amount(raw.updates, 'update')} erased, ${raw.redacted} of others redacted`],
    ['Rejected', `${amount(rejected, 'record')} erased`],
    ['State', `${amount(state, 'object')} erased`],
    [
      'Tables',
      `${amount(tables.rows, 'row')} erased, ${tables.redacted} of others redacted, in ${amount(tables.files, 'file')}`,
    ],
    ['Versions', `${raw.versions + tables.versions} older ones erased`],
    [
      'Files',
      `${amount(files.reports, 'report')} and ${amount(files.results, 'result')} of queries deleted`,
    ],
  ];
  return [`User ${user}`, ...lines.map(([what, text]) => `${what.padEnd(10)}${text}`)];
}

/** What stays outside of what the program knows. */
const ELSEWHERE: Readonly<Record<EraseOptions['on'], string>> = {
  local:
    'Files that were exported or copied elsewhere are yours to delete; a chatbot serve that runs now remembers until it is started again.',
  aws: 'Files that were exported or copied elsewhere are yours to delete.',
};

/** `chatbot erase`: forgets a person. */
export async function erase(context: CommandContext, options: EraseOptions): Promise<void> {
  const { output, config, signal } = context;
  const { user, on, json = false } = options;
  personOf(user);
  if (on === 'aws' && options.lake !== 'own') {
    throw new UsageError('--lake is of this machine: leave it out with --on aws.');
  }
  const where =
    on === 'aws'
      ? `the stack ${config.project}-${config.stage} in account ${config.account}`
      : `the lake in ${lakeFolder(context, options.lake)}`;

  const work = async (lake: Lake, files: ObjectStore): Promise<Receipt> => {
    if (options.yes !== true) await confirm(context, user, where);
    return erasePerson(lake, user, {
      files,
      signal,
      runDay: async (day: Day) => {
        const { rawRetentionDays, updatesPerShard } = config;
        await runDay(lake, day, { now: context.now(), rawRetentionDays, updatesPerShard, signal });
      },
      onProgress: ({ step, done }) => {
        output.progress(`${step}: ${done} objects looked at`);
      },
    });
  };
  const receipt =
    on === 'aws'
      ? // AWS's client takes a while to load.
        await (
          await import('../stageLake.ts')
        ).withStageLake(context, `erase from ${where}`, ({ lake, results }) => work(lake, results))
      : await work(
          await openCommandLake(context, options.lake),
          new FolderStore(lakeFolder(context, options.lake)),
        );

  if (json) {
    const erasedAt = new Date(context.now()).toISOString();
    output.print(JSON.stringify({ ...receipt, on, where, erased_at: erasedAt }));
  } else {
    for (const line of receiptLines(receipt)) output.print(line);
  }
  if (!isNothing(receipt)) output.note(ELSEWHERE[on]);
  for (const key of receipt.unread) output.note(`${key} is damaged and could not be looked into.`);
  if (receipt.unread.length > 0) {
    throw new PartialFailure(
      'Whether the person is in these objects cannot be told. Mend or delete them, and erase again.',
    );
  }
}
