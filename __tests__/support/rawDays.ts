import { gzipSync } from 'node:zlib';

import fc from 'fast-check';

import { envelope } from './lakes.ts';
import { type AnyUpdate, arbitraryNotAnUpdate } from './updates/arbitraries.ts';

/** A record as it is put into the raw layer; `update` is null when it is none. */
interface Given {
  readonly json: string;
  readonly update: AnyUpdate | null;
}

/** A raw object, and what it ought to count as. */
export interface GivenObject {
  readonly name: string;
  readonly body: Buffer;
  readonly updates: readonly AnyUpdate[];
  readonly broken: number;
}

/** Few numbers, so that updates collide. */
const collidingId = fc.oneof(fc.nat({ max: 5 }), fc.nat());

/** JSON.stringify writes a broken surrogate as an escape, so that every text survives UTF-8. */
function bare(one: AnyUpdate): Given {
  return { json: JSON.stringify(one), update: one };
}

function counted(records: readonly Given[]): Pick<GivenObject, 'broken' | 'updates'> {
  const updates = records.flatMap((record) => record.update ?? []);
  return { updates, broken: records.length - updates.length };
}

const received = fc
  .integer({ min: Date.UTC(2026, 0, 15), max: Date.UTC(2026, 0, 17) })
  .map((time) => new Date(time).toISOString());

/** One to so many records, bare or in envelopes, some of which are none. */
function arbitraryRecords(
  updates: fc.Arbitrary<AnyUpdate>,
  maxLength: number,
): fc.Arbitrary<Given[]> {
  const update = fc
    .tuple(updates, collidingId)
    .map(([one, update_id]): AnyUpdate => ({ ...one, update_id }));
  const enveloped = fc
    .tuple(update, received)
    .map(([one, at]): Given => ({ json: envelope(one, at).trim(), update: one }));
  const none = arbitraryNotAnUpdate()
    // The reader leaves a byte order mark out, and in NDJSON an empty line is no record.
    .filter((json) => json.trim() !== '' && !json.startsWith('\ufeff'))
    .map((json): Given => ({ json, update: null }));
  const record = fc.oneof(
    { weight: 4, arbitrary: update.map(bare) },
    { weight: 4, arbitrary: enveloped },
    { weight: 1, arbitrary: none },
  );
  return fc.array(record, { minLength: 1, maxLength });
}

function arbitrarySingle(updates: fc.Arbitrary<AnyUpdate>): fc.Arbitrary<GivenObject> {
  return arbitraryRecords(updates, 1).map((records) => ({
    name: '.json',
    body: Buffer.from(records[0]?.json ?? ''),
    ...counted(records),
  }));
}

function arbitraryPretty(updates: fc.Arbitrary<AnyUpdate>): fc.Arbitrary<GivenObject> {
  return updates.map((one) => ({
    name: '.json',
    body: Buffer.from(JSON.stringify(one, null, 2)),
    updates: [one],
    broken: 0,
  }));
}

export function arbitraryLines(
  updates: fc.Arbitrary<AnyUpdate>,
  name: '.ndjson' | '.ndjson.gz',
): fc.Arbitrary<GivenObject> {
  return arbitraryRecords(updates, 6).map((records) => {
    const text = records.map(({ json }) => `${json}\n\n`).join('');
    const body = name === '.ndjson' ? Buffer.from(text) : gzipSync(text);
    return { name, body, ...counted(records) };
  });
}

/** Bytes that are no JSON and no gzip, whatever the name says. */
const rubbish = fc
  .tuple(fc.constantFrom('.json', '.ndjson.gz', '.parquet', ''), fc.uint8Array({ maxLength: 40 }))
  .map(([name, bytes]): GivenObject => ({
    name,
    body: Buffer.from([0xff, ...bytes]),
    updates: [],
    broken: 1,
  }));

/** The raw objects of a day, in all the ways that updates can be stored. */
export function arbitraryDay(updates: fc.Arbitrary<AnyUpdate>): fc.Arbitrary<GivenObject[]> {
  return fc.array(
    fc.oneof(
      arbitrarySingle(updates),
      arbitraryPretty(updates),
      arbitraryLines(updates, '.ndjson'),
      arbitraryLines(updates, '.ndjson.gz'),
      rubbish,
    ),
    { maxLength: 12 },
  );
}
