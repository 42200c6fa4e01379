import { type Day } from '../../src/lake/days.ts';
import { parquetKey } from '../../src/lake/keys.ts';
import { type ObjectStore, PreconditionFailedError } from '../../src/lake/objectStore.ts';
import { SeenTooLateError } from './dayRows.ts';
import type { DaySource } from './daySource.ts';
import type { Phases } from './phases.ts';
import { Verdicts } from './verdicts.ts';

/**
 * Reads a day, and once more where updates of one number lie too far apart to tell at first which of
 * them become rows, see DayRows.
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
  try {
    return await read(null);
  } catch (error) {
    if (!(error instanceof SeenTooLateError)) throw error;
    const verdicts = new Verdicts(error.watched, error.earlier);
    await verdicts.learn(raw, source.objects(), options);
    try {
      return await read(verdicts);
    } catch (again) {
      if (again instanceof SeenTooLateError) throw new PreconditionFailedError(parquetKey(day));
      throw again;
    }
  }
}
