/**
 * 1,000 updates through the webhook's handler over a folder, each synced to disk, in turn with the
 * bare write of as many bytes. Prints milliseconds per update.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { FolderStore } from '../src/lake/folderStore.ts';
import { openLake } from '../src/lake/lake.ts';
import { benchedWebhook } from './benchedWebhook.ts';
import { updates } from './events.ts';
import { percentile } from './median.ts';

const WARM_UP = 100;
const COUNTED = 1_000;

const folder = mkdtempSync(join(tmpdir(), 'bench-webhook-'));
try {
  const raw = new FolderStore(join(folder, 'raw'));
  const lake = await openLake({
    raw,
    enriched: new FolderStore(join(folder, 'enriched')),
    zone: 'America/Sao_Paulo',
  });
  const handler = await benchedWebhook(lake);

  const own: number[] = [];
  const peer: number[] = [];
  const bare = new FolderStore(join(folder, 'bare'));
  let n = 0;
  for (const body of updates(WARM_UP + COUNTED, Math.floor(Date.now() / 1000))) {
    const start = performance.now();
    const { statusCode } = await handler(body);
    const end = performance.now();
    if (statusCode !== 200) throw new Error(`The handler answered ${statusCode}.`);
    // An envelope is about twice its update.
    await bare.put(`day/${n}.json`, Buffer.alloc(2 * body.length, 32), { ifNoneMatch: '*' });
    if (n++ < WARM_UP) continue;
    own.push(end - start);
    peer.push(performance.now() - end);
  }
  process.stdout.write(
    JSON.stringify({
      median: percentile(own, 0.5),
      p99: percentile(own, 0.99),
      peerMedian: percentile(peer, 0.5),
      peerP99: percentile(peer, 0.99),
    }),
  );
} finally {
  rmSync(folder, { recursive: true });
}
