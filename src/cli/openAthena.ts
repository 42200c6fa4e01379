import { AthenaClient } from '@aws-sdk/client-athena';

import { loadAnalyses } from '../analytics/analyses.ts';
import { athenaEngine } from '../analytics/athenaEngine.ts';
import type { Engine } from '../analytics/engine.ts';
import { clientSettings } from '../aws/clientSettings.ts';
import { athenaNames } from '../config/athenaNames.ts';
import type { Config } from '../config/config.ts';
import { SQL_FOLDER } from '../local/paths.ts';

/**
 * Athena with the workgroup and the database of a stage.
 *
 * @param reuseMinutes how old a result may be that is taken again; 0 for none
 */
export async function openAthena(config: Config, reuseMinutes: number): Promise<Engine> {
  const { region } = config;
  return athenaEngine({
    client: new AthenaClient({ region, ...clientSettings(10_000) }),
    names: athenaNames(config),
    region,
    analyses: await loadAnalyses(SQL_FOLDER),
    reuseMinutes,
  });
}
