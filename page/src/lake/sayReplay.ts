import type { RecordRef, ReplayResult } from '../../../src/local/api.ts';
import type { Catalogue } from '../i18n/en.ts';
import { formatDay } from '../../../src/charts/format.ts';
import { formatNumber } from '../shared/format.ts';
import { sayClosed } from '../shared/sayClosed.ts';

/** What a replay came to, in words. */
export interface ReplayWords {
  /** Whether everything that was asked for came back. */
  readonly isGood: boolean;
  readonly lines: readonly {
    readonly words: string;
    /** In English, as the server says it. */
    readonly details: readonly string[];
  }[];
  /** The one record that came back; null when none did, or several. */
  readonly back: RecordRef | null;
}

/** Reasons listed; a day can have thousands, most of them alike. */
const MOST_REASONS = 3;

/** Says what a replay brought back, what it could not, and which days were closed again. */
export function sayReplay(result: ReplayResult, text: Catalogue): ReplayWords {
  const { replayed, failed, runs, failures } = result;
  const words = text.days.rejected;
  const number = (value: number) => formatNumber(value, text.locale);
  const reasons = [...new Set(failed.map(({ reason }) => reason))].slice(0, MOST_REASONS);
  const lines = [
    ...(replayed.length > 0
      ? [{ words: words.back(replayed.length, number(replayed.length)), details: [] }]
      : []),
    ...(failed.length > 0
      ? [{ words: words.still(failed.length, number(failed.length)), details: reasons }]
      : []),
    ...(replayed.length > 0 ? runs : []).map((run) => ({
      words: words.ran(formatDay(run.day, text.locale), sayClosed(run, text)),
      details: [],
    })),
    ...failures.map(({ day, error }) => ({
      words: words.failed(formatDay(day, text.locale)),
      details: [error],
    })),
  ];
  const [only, another] = replayed;
  return {
    isGood: failed.length === 0 && failures.length === 0,
    lines: lines.length > 0 ? lines : [{ words: words.nothingDone, details: [] }],
    back: only && !another ? { key: only.rawKey, line: 0 } : null,
  };
}
