import pc from 'picocolors';

import type { Progress } from '../../../functions/etl/dayRows.ts';
import type { DayRun } from '../../../functions/etl/dayRun.ts';
import type { PhaseTimes } from '../../../functions/etl/phases.ts';
import {
  type DaysWanted,
  SIDE_BY_SIDE,
  findDays,
  runDays,
} from '../../../functions/etl/runDays.ts';
import { dayOf } from '../../lake/days.ts';
import { amount } from '../../local/report.ts';
import { type CommandContext, type CommonOptions, openCommandLake } from '../context.ts';
import { PartialFailure, UsageError } from '../errors.ts';
import type { Output } from '../output.ts';

export interface EtlOptions extends CommonOptions {
  readonly date?: string;
  readonly from?: string;
  readonly to?: string;
  readonly force?: boolean;
  readonly outdated?: boolean;
}

/** @throws UsageError when the days are named in a way that is not meant */
function daysWanted(options: EtlOptions, now: number): DaysWanted {
  const { date, from, to, outdated } = options;
  if (outdated) {
    if ((date ?? from ?? to) !== undefined) {
      throw new UsageError('--outdated finds its days itself: leave --date, --from and --to out.');
    }
    return { outdated };
  }
  if (date !== undefined && (from !== undefined || to !== undefined)) {
    throw new UsageError('Name one day (--date) or a range (--from and --to), not both.');
  }
  if (date !== undefined) return { date };
  if (from !== undefined && to !== undefined) return { from, to };
  if (from !== undefined || to !== undefined) {
    throw new UsageError('A range has two ends: name --from and --to.');
  }
  return { time: now };
}

const number = new Intl.NumberFormat('en');

/** Where the time goes, in words; empty while no phase has taken a second. */
function whereTo(phases: PhaseTimes): string {
  const spent = Object.entries(phases).filter(([, ms]) => ms >= 1000);
  return spent.map(([phase, ms]) => `${phase} ${Math.round(ms / 1000)} s`).join(', ');
}

/** How far a day is, as a line of text: where the time goes, once it takes some. */
export function progressLine(progress: Progress): string {
  const { day, done, total, isListed, records, phases } = progress;
  const all = isListed ? ` of ${number.format(total)}` : '';
  const where = whereTo(phases);
  const updates = records > done ? `, ${number.format(records)} updates` : '';
  const line = `${day}: ${number.format(done)}${all} raw objects${updates}`;
  return where === '' ? line : `${line} (${where})`;
}

/** One run as a line of text. */
export function runLine(run: DayRun, { color }: Pick<Output, 'color'>): string {
  const { dim } = pc.createColors(color);
  const counts = [
    `${run.stored} raw`,
    amount(run.rows, 'row'),
    ...(run.duplicates > 0 ? [amount(run.duplicates, 'duplicate')] : []),
    ...(run.rejected > 0 ? [`${run.rejected} rejected`] : []),
    ...(run.late > 0 ? [`${run.late} late`] : []),
  ].join(', ');
  const file = run.bytes > 0 ? `${dim('→')} ${run.parquetKey}` : '';
  const where = whereTo(run.phases);
  const time = where === '' ? '' : dim(`in ${Math.round(run.ms / 1000)} s (${where})`);
  return [
    ...[run.day, run.status.padEnd(9), counts, file, time].filter((part) => part !== ''),
    ...(run.reason === undefined ? [] : [`\n           ${run.reason}`]),
  ].join('  ');
}

/** `chatbot etl`: turns the raw objects of days into Parquet files. */
export async function etl(context: CommandContext, options: EtlOptions): Promise<void> {
  const { output, config, signal } = context;
  const lake = await openCommandLake(context, options.lake);
  const wanted = daysWanted(options, context.now());
  const days = await findDays(wanted, lake);
  const { runs, failures } = await runDays(lake, days, {
    now: context.now(),
    rawRetentionDays: config.rawRetentionDays,
    updatesPerShard: config.updatesPerShard,
    ...(options.force && { force: true }),
    sideBySide: SIDE_BY_SIDE,
    signal,
    onProgress: (progress) => {
      output.progress(progressLine(progress));
    },
    onRun: (run) => {
      if (!options.json) output.print(runLine(run, output));
    },
  });
  if (options.json) {
    const failed = failures.map(({ day, error }) => ({ day, error: error.message }));
    output.print(JSON.stringify({ runs, failures: failed }));
  }
  if ('outdated' in wanted && days.length === 0 && !options.json) {
    output.print('No day lacks a column.');
  }
  if ('time' in wanted && runs.every(({ stored }) => stored === 0)) {
    const today = dayOf(context.now(), lake.zone);
    output.note(
      `These days hold nothing. Today is still open; to close it: chatbot etl --date ${today}`,
    );
  }
  for (const { day, error } of failures) output.note(`${day}: ${error.message}`);
  if (failures.length > 0) {
    throw new PartialFailure(`${failures.length} of ${days.length} days failed. Run them again.`);
  }
}
