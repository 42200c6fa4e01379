import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as z from 'zod';

import type { Replay } from '../../../functions/etl/replay.ts';
import { viewQueries } from '../../analytics/scanned.ts';
import { DayError, parseDay } from '../../lake/days.ts';
import type {
  DayFileDetails,
  DayRows,
  DayRuns,
  LakeDays,
  LakeId,
  LakeObjects,
  LakeScans,
  LineContent,
  ObjectLines,
  RejectedDetails,
  RejectedRecords,
  ReplayResult,
} from '../api.ts';
import { dayFileDetails } from '../dayFileDetails.ts';
import { dayObjects, lineContent, objectLines } from '../dayObjects.ts';
import { createLakeDays } from '../lakeDays.ts';
import { lakeScans } from '../lakeScans.ts';
import type { LocalLake, ReplayWhat } from '../localLake.ts';
import { SQL_FOLDER } from '../paths.ts';
import { rejectedDetails, rejectedRecords } from '../rejectedRecords.ts';

/** What the routes of the lake's screen are made of. */
export interface LakeParts {
  readonly lakes: Readonly<Record<LakeId, LocalLake>>;
  /** @throws ZodError when there is no such lake */
  readonly lakeOf: (id: string) => LocalLake;
  /** Brings back what was rejected. */
  readonly replay: (lake: LocalLake, what: Omit<ReplayWhat, 'chats'>) => Promise<Replay>;
}

/** Items that a page of a list has at most. */
const MAX_ITEMS = 500;

/** A mended object: what is shown of one has a megabyte, each letter of it at most six bytes of JSON. */
const MAX_BODY = 7 * 1024 * 1024;

const sliceSchema = z.object({
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(MAX_ITEMS).default(100),
});

const keySchema = z.object({ key: z.string().min(1) });
const lineSchema = keySchema.extend({ line: z.coerce.number().int().min(0).default(0) });
const periodSchema = z.object({ from: z.string(), to: z.string() });

const replaySchema = z.union([
  z.strictObject({ day: z.string() }),
  z.strictObject({ key: z.string().startsWith('rejected/'), body: z.string().exactOptional() }),
]);

/** The days of a lake, their raw objects, Parquet files, runs and rejected objects. */
export function lakeRoutes({ lakes, lakeOf, replay }: LakeParts): Hono {
  const app = new Hono();
  const days = { own: createLakeDays(lakes.own), sample: createLakeDays(lakes.sample) };
  const views = viewQueries(SQL_FOLDER);
  // Whoever asks for it hears of the failure.
  views.catch(() => undefined);

  app.get('/lakes/:lake/days', async (context) => {
    const { id } = lakeOf(context.req.param('lake'));
    return context.json<LakeDays>({ days: await days[id].read() });
  });

  app.get('/lakes/:lake/scans', async (context) => {
    const local = lakeOf(context.req.param('lake'));
    const { from, to } = periodSchema.parse(context.req.query());
    const period = { from: parseDay(from), to: parseDay(to) };
    if (from > to) throw new DayError(`${from} is after ${to}; put the earlier day first.`);
    const known = await days[local.id].read();
    return context.json<LakeScans>(await lakeScans(local, period, known, await views));
  });

  app.get('/lakes/:lake/days/:day/file', async (context) => {
    const { lake } = lakeOf(context.req.param('lake'));
    const day = parseDay(context.req.param('day'));
    return context.json<DayFileDetails>(await dayFileDetails(lake.enriched, day));
  });

  app.get('/lakes/:lake/days/:day/rows', async (context) => {
    const { analytics } = lakeOf(context.req.param('lake'));
    const day = parseDay(context.req.param('day'));
    const { offset, limit } = sliceSchema.parse(context.req.query());
    const { columns, types, rows } = await analytics.run(
      `SELECT * FROM telegram
WHERE context_date = DATE '${day}'
ORDER BY update_id, received_at, update_type, user_id, text
OFFSET ${offset} LIMIT ${limit}`,
      { signal: context.req.raw.signal },
    );
    return context.json<DayRows>({ columns, types, rows });
  });

  app.get('/lakes/:lake/days/:day/runs', async (context) => {
    const { analytics } = lakeOf(context.req.param('lake'));
    const day = parseDay(context.req.param('day'));
    const { rows } = await analytics.run(
      `SELECT stored, rows, duplicates, rejected, late, finished_at FROM runs
WHERE context_date = DATE '${day}'
ORDER BY finished_at DESC`,
    );
    return context.json<DayRuns>({
      runs: rows.map((row) => {
        const [stored = 0, written = 0, duplicates = 0, rejected = 0, late = 0] = row.map(Number);
        const finishedAt = new Date(`${String(row[5])}Z`).toISOString();
        return { stored, rows: written, duplicates, rejected, late, finishedAt };
      }),
    });
  });

  app.get('/lakes/:lake/days/:day/objects', async (context) => {
    const { lake } = lakeOf(context.req.param('lake'));
    const day = parseDay(context.req.param('day'));
    const slice = sliceSchema.parse(context.req.query());
    return context.json<LakeObjects>({ objects: await dayObjects(lake.raw, day, slice) });
  });

  app.get('/lakes/:lake/lines', async (context) => {
    const { lake } = lakeOf(context.req.param('lake'));
    const { key } = keySchema.parse(context.req.query());
    const slice = sliceSchema.parse(context.req.query());
    return context.json<ObjectLines>(await objectLines(lake.raw, key, slice));
  });

  app.get('/lakes/:lake/line', async (context) => {
    const { lake } = lakeOf(context.req.param('lake'));
    const { key, line } = lineSchema.parse(context.req.query());
    return context.json<LineContent>(await lineContent(lake.raw, key, line));
  });

  app.get('/lakes/:lake/days/:day/rejected', async (context) => {
    const { lake } = lakeOf(context.req.param('lake'));
    const day = parseDay(context.req.param('day'));
    const slice = sliceSchema.parse(context.req.query());
    return context.json<RejectedRecords>(await rejectedRecords(lake.raw, day, slice));
  });

  app.get('/lakes/:lake/rejected', async (context) => {
    const { lake } = lakeOf(context.req.param('lake'));
    const { key } = keySchema.parse(context.req.query());
    return context.json<RejectedDetails>(await rejectedDetails(lake.raw, key));
  });

  app.post('/lakes/:lake/replay', bodyLimit({ maxSize: MAX_BODY }), async (context) => {
    const local = lakeOf(context.req.param('lake'));
    const wanted = replaySchema.parse(await context.req.json());
    const what: Omit<ReplayWhat, 'chats'> =
      'day' in wanted
        ? { day: parseDay(wanted.day) }
        : {
            keys: [wanted.key],
            ...(wanted.body !== undefined && {
              mended: new Map([[wanted.key, Buffer.from(wanted.body)]]),
            }),
          };
    const { replayed, failed, runs, failures } = await replay(local, what);
    return context.json<ReplayResult>({
      ...{ replayed, failed, runs },
      failures: failures.map(({ day, error }) => ({ day, error: error.message })),
    });
  });

  return app;
}
