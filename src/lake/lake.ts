import * as z from 'zod';

import { LAKE_KEY } from './keys.ts';
import {
  NotFoundError,
  type ObjectStore,
  PreconditionFailedError,
  readText,
} from './objectStore.ts';

/** Two stores and the zone that decides each message's day. */
export interface Lake {
  /** What was received: raw objects, rejected ones, `state/`. */
  readonly raw: ObjectStore;
  /** What was made of it: Parquet files. */
  readonly enriched: ObjectStore;
  /** IANA name; fixed when the lake was made. */
  readonly zone: string;
}

/** The lake is not the one that the configuration describes; the message says what to do. */
export class LakeError extends Error {
  override readonly name = 'LakeError';
}

const descriptionSchema = z.object({ v: z.literal(1), zone: z.string() });

async function readZone(raw: ObjectStore): Promise<string> {
  const text = await readText(raw, LAKE_KEY);
  try {
    return descriptionSchema.parse(JSON.parse(text)).zone;
  } catch (error) {
    throw new LakeError(
      `${LAKE_KEY} is not this program's: it should read {"v":1,"zone":"…"} and reads ${text.slice(0, 200)}. ` +
        'Restore it, or let the program start in an empty place.',
      { cause: error },
    );
  }
}

/**
 * Opens a lake; the first opening writes its `lake.json`.
 *
 * @throws LakeError when it was made with another zone: its days were cut by that one
 */
export async function openLake(lake: Lake): Promise<Lake> {
  const zone = await readZone(lake.raw).catch(async (error: unknown) => {
    if (!(error instanceof NotFoundError)) throw error;
    const description = `${JSON.stringify({ v: 1, zone: lake.zone })}\n`;
    try {
      await lake.raw.put(LAKE_KEY, Buffer.from(description), { ifNoneMatch: '*' });
      return lake.zone;
    } catch (lost) {
      // Somebody else made the lake in the meantime.
      if (lost instanceof PreconditionFailedError) return readZone(lake.raw);
      throw lost;
    }
  });
  if (zone !== lake.zone) {
    throw new LakeError(
      `This lake was made with the zone ${zone}, the configuration says ${lake.zone}. ` +
        `Its days are cut at ${zone}'s midnight and stay so: set zone to ${zone} ` +
        `(cdktf.json, context.chatbot.zone, or CHATBOT_ZONE), or start another lake.`,
    );
  }
  return lake;
}
