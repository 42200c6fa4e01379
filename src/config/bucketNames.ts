import type { Config } from './config.ts';

/** The settings that names and ARNs are made of. */
export type Place = Pick<Config, 'account' | 'project' | 'region' | 'stage'>;

/** Prefix of a stage's names. */
export function prefixOf({ project, stage }: Pick<Place, 'project' | 'stage'>): string {
  return `${project}-${stage}`;
}

/** Bucket names are shared by all the world's accounts, so they end in the account's number. */
export function bucketName(place: Place, layer: string): string {
  return `${prefixOf(place)}-${layer}-${place.account}`;
}
