import pc from 'picocolors';

import { wallClock } from '../lake/days.ts';
import type { LakeId } from './api.ts';

/** What a running server has to tell whoever watches the terminal. */
export type Report =
  /** The page can be opened. */
  | { readonly type: 'ready'; readonly url: string }
  /** Something is being done, or was done. */
  | { readonly type: 'note'; readonly text: string }
  /** Something went wrong that somebody should know of; the server goes on. */
  | { readonly type: 'problem'; readonly problem: string; readonly remedy?: string }
  /** An update went its way. */
  | {
      readonly type: 'update';
      readonly lake: LakeId;
      /** Unix milliseconds. */
      readonly at: number;
      readonly zone: string;
      readonly chat: string;
      readonly update: string;
      readonly content: string | null;
      readonly outcome: string | null;
      readonly intent: string | null;
      readonly score: number | null;
      /** Raw key, or why nothing was stored. */
      readonly stored: { readonly key: string } | { readonly nothing: string };
    }
  /** A day was closed. */
  | {
      readonly type: 'closed';
      readonly lake: LakeId;
      readonly at: number;
      readonly zone: string;
      readonly day: string;
      readonly stored: number;
      readonly rows: number;
      readonly duplicates: number;
      readonly rejected: number;
      /** null: the day is empty and has no file. */
      readonly parquetKey: string | null;
    };

/** Takes each report as it comes. */
export type Reporter = (report: Report) => void;

/** Reports as lines of text. @param color whether to write ANSI colours */
export function reportAsText(report: Report, color: boolean): string {
  const { bold, cyan, dim, green, red, yellow } = pc.createColors(color);
  const arrow = dim('→');
  switch (report.type) {
    case 'ready':
      return `\n  ${bold(cyan(report.url))}\n`;
    case 'note':
      return dim(report.text);
    case 'problem':
      return [red(report.problem), ...(report.remedy ? [yellow(`  ${report.remedy}`)] : [])].join(
        '\n',
      );
    case 'update': {
      const { outcome, intent, score, stored } = report;
      const answer = [outcome ?? 'no answer', intent, score?.toFixed(2)].filter(Boolean).join(' ');
      const paint =
        outcome === 'fallback' ? yellow : outcome === null || outcome === 'none' ? dim : green;
      return [
        dim(clock(report)),
        report.lake.padEnd(6),
        column(report.chat, 16),
        column(report.content === null ? report.update : `${report.update}/${report.content}`, 22),
        arrow,
        paint(column(answer, 30)),
        arrow,
        'key' in stored ? stored.key : yellow(stored.nothing),
      ].join(' ');
    }
    case 'closed': {
      const { rows, stored, duplicates, rejected } = report;
      const counts = [
        `${stored} raw`,
        amount(rows, 'row'),
        ...(duplicates > 0 ? [amount(duplicates, 'duplicate')] : []),
        ...(rejected > 0 ? [red(`${rejected} rejected`)] : []),
      ].join(', ');
      return [
        dim(clock(report)),
        report.lake.padEnd(6),
        bold(`closed ${report.day}:`),
        counts,
        arrow,
        report.parquetKey ?? dim('no file, the day is empty'),
      ].join(' ');
    }
  }
}

/** Reports as one JSON object a line, times in ISO 8601 UTC. */
export function reportAsJson(report: Report): string {
  return JSON.stringify(
    'at' in report ? { ...report, at: new Date(report.at).toISOString() } : report,
  );
}

/** A number with its noun. */
export function amount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** hh:mm:ss on the lake's clock. */
function clock({ at, zone }: { readonly at: number; readonly zone: string }): string {
  return new Date(wallClock(at, zone)).toISOString().slice(11, 19);
}

// What people call themselves may hold anything, line breaks and terminal codes too.
const UNPRINTABLE = /\p{C}/gu;

const graphemes = new Intl.Segmenter();

/** A text in exactly `width` characters, as people count them. */
function column(text: string, width: number): string {
  const all = [...graphemes.segment(text.replaceAll(UNPRINTABLE, ' '))].map(
    ({ segment }) => segment,
  );
  const shown = all.length > width ? [...all.slice(0, width - 1), '…'] : all;
  return shown.join('') + ' '.repeat(width - shown.length);
}
