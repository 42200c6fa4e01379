import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import * as z from 'zod';

import type { Bot } from '../bot/bot.ts';
import { dayOf } from '../lake/days.ts';
import { openFolderLake } from './localLake.ts';
import { makeSampleLake } from './sample/sampleLake.ts';

/** The same conversations on every machine, moved to end today. */
const SEED = 1;

/** Says what the folder is, to people and to the next start. */
const MARK = 'sample.json';

const markSchema = z.object({ v: z.literal(1), day: z.string(), zone: z.string() });

async function readMark(folder: string): Promise<z.infer<typeof markSchema> | null> {
  try {
    return markSchema.parse(JSON.parse(await readFile(join(folder, MARK), 'utf8')));
  } catch {
    // Not there, or not whole: the sample is made anew.
    return null;
  }
}

/** A sample lake that was just made. */
export interface MadeSample {
  /** Whether there was none before. */
  readonly isFirst: boolean;
  readonly updates: number;
  readonly days: number;
}

/**
 * Sees that there is a sample lake that ends today; an older one is replaced, with whatever was
 * written into it. Made beside its place and moved there whole, so that a killed start leaves none.
 *
 * @param options.bot answers the invented people
 * @param options.now Unix milliseconds
 * @returns null when there was one already
 */
export async function ensureSample(
  folder: string,
  options: { readonly bot: Bot; readonly zone: string; readonly now: number },
): Promise<MadeSample | null> {
  const { bot, zone, now } = options;
  const today = dayOf(now, zone);
  const mark = await readMark(folder);
  if (mark?.day === today && mark.zone === zone) return null;

  const place = join(dirname(folder), '.sample-in-the-making');
  await rm(place, { recursive: true, force: true });
  const lake = await openFolderLake(place, zone);
  const made = await makeSampleLake(lake, { bot, today, seed: SEED, now });
  const text = `${JSON.stringify({ v: 1, day: today, zone, note: 'Invented conversations; deleted and made anew each day.' })}\n`;
  await mkdir(place, { recursive: true });
  await writeFile(join(place, MARK), text);
  await rm(folder, { recursive: true, force: true });
  await rename(place, folder);
  return { isFirst: mark === null, ...made };
}
