/**
 * Runs the day of the fixtures of a lake in a folder, in a process of its own, and prints what came of
 * it and the most memory that it took, in MiB: `runDayAlone.ts <folder>`
 */
import { join } from 'node:path';
import process from 'node:process';

import { runDay } from '../../functions/etl/runDay.ts';
import { FolderStore } from '../../src/lake/folderStore.ts';
import { DAY, RUN, ZONE } from './lakes.ts';

const [folder = ''] = process.argv.slice(2);
const raw = new FolderStore(join(folder, 'raw'));
const enriched = new FolderStore(join(folder, 'enriched'));
const { rows, rejected } = await runDay({ raw, enriched, zone: ZONE }, DAY, RUN);
const peak = process.resourceUsage().maxRSS / 1024;
process.stdout.write(JSON.stringify({ rows, rejected, peak }));
