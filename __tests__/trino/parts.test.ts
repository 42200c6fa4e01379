import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { runDay } from '../../functions/etl/runDay.ts';
import { HOW_TO_GET_TRINO, type Trino, startTrino, whyNoTrino } from '../../localstack/trino.ts';
import { rawKey } from '../../src/lake/keys.ts';
import { openFolderLake } from '../../src/local/localLake.ts';
import { temporaryFolder } from '../support/folders.ts';
import { DAY, RUN, ZONE, envelope } from '../support/lakes.ts';
import { onDemand } from '../support/onDemand.ts';
import { requirement } from '../support/requirement.ts';
import { createTables } from '../support/trinoTables.ts';
import { UPDATES } from '../support/updates/fixtures.ts';

/*
 * A day in parts as Trino, the engine under Athena, reads it: the day's file has no row group, the
 * parts beside it have the rows.
 */

const describeWithTrino = onDemand('trino', 'a day in parts on a Trino server', () =>
  requirement('Trino', whyNoTrino() === null, HOW_TO_GET_TRINO),
);

describeWithTrino('on Trino', () => {
  const started: (() => Promise<void>)[] = [];
  let trino: Trino;

  beforeAll(async () => {
    const folder = await temporaryFolder();
    started.push(folder.remove);
    const lake = await openFolderLake(`${folder.path}/parts`, ZONE);
    for (let id = 1; id <= 9; id++) {
      const body = envelope({ ...UPDATES.message, update_id: id });
      await lake.raw.put(rawKey(DAY, id), Buffer.from(body));
    }
    await runDay(lake, DAY, { ...RUN, updatesPerShard: 4 });
    trino = await startTrino({ folder: folder.path });
    started.push(trino.stop);
    await createTables(trino.client, 'parts/enriched', DAY);
  });

  afterAll(async () => {
    for (const end of started.reverse()) await end();
  });

  test('a day in parts is one table', async () => {
    const { rows } = await trino.client.run(
      'SELECT update_id, context_date, text FROM telegram ORDER BY update_id',
    );
    const { text } = UPDATES.message.message;
    expect(rows).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((id) => [id, DAY, text]));
  });
});
