import type { LakeDay, LakeStatus } from '../../../src/local/api.ts';
import type { LakePlace } from './lakePlace.ts';

/** What every part of a day is given. */
export interface DayProps {
  readonly lake: LakeStatus;
  readonly of: LakeDay;
  readonly place: LakePlace;
}
