import { TELEGRAM_COLUMNS } from '../../src/lake/columns.ts';
import { ParquetEncoder, type RowValues } from '../../src/lake/parquet.ts';
import type { Phases } from './phases.ts';

/**
 * The bytes of a Parquet file of table `telegram`, as its rows come.
 *
 * @param end is asked for the footer's metadata when all rows are known
 * @param counter adds up the bytes
 */
export async function* encodeRows(
  groups: AsyncIterable<RowValues>,
  end: () => Promise<Readonly<Record<string, string>>>,
  { phases, counter }: { readonly phases: Phases; readonly counter: { bytes: number } },
): AsyncGenerator<Uint8Array> {
  const encoder = await ParquetEncoder.open(TELEGRAM_COLUMNS);
  function* give(encode: () => Uint8Array): Generator<Uint8Array> {
    let start = performance.now();
    const bytes = encode();
    counter.bytes += bytes.length;
    start = phases.add('encode', start);
    yield bytes;
    phases.add('put', start);
  }
  for await (const group of groups) yield* give(() => encoder.encode(group));
  const metadata = await end();
  yield* give(() => encoder.end(metadata));
}
