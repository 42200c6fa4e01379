import { type Day } from '../../src/lake/days.ts';
import { parquetKey } from '../../src/lake/keys.ts';
import { type ObjectStore, PreconditionFailedError } from '../../src/lake/objectStore.ts';
import { SeenTooLateError } from './dayRows.ts';
import type { DaySource } from './daySource.ts';
import type { Phases } from './phases.ts';
import { Verdicts } from './verdicts.ts';

/**
 * Reads a day, and once more where updates of one number lie too far apart to tell at first which of
 * them become rows, see DayRows. Names tell which objects hold such a number; where they were given by
 * somebody else and mislead, all objects are read for it, and the day a third time.
 *
 * @param read reads the day, with what is known of such numbers
 * @throws PreconditionFailedError when objects have come, gone or been replaced meanwhile: the day is
 *   to begin anew
 */
export async function readTwice<T>(
  raw: ObjectStore,
  day: Day,
  source: DaySource,
  options: { readonly phases: Phases; readonly signal?: AbortSignal | undefined },
  read: (verdicts: Verdicts | null) => Promise<T>,
): Promise<T> {
  const watched = new Set<number>();
  let verdicts: Verdicts | null = null;
  for (const byName of [true, false]) {
    try {
      return await read(verdicts);
    } catch (error) {
      if (!(error instanceof SeenTooLateError)) throw error;
      for (const id of error.watched) watched.add(id);
      verdicts = new Verdicts(watched, error.earlier);
      await verdicts.learn(raw, source.objects(), { ...options, byName });
    }
  }
  try {
    return await read(verdicts);
  } catch (error) {
    if (error instanceof SeenTooLateError) throw new PreconditionFailedError(parquetKey(day));
    throw error;
  }
}
