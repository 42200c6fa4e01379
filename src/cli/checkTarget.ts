import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { UsageError } from './errors.ts';

/**
 * Looks whether a file can be written there, before the work is done.
 *
 * @throws UsageError when there is no such folder, or the file is one
 */
export async function checkTarget(file: string): Promise<void> {
  const [folder, target] = await Promise.all(
    [dirname(file), file].map((path) => stat(path).catch(() => null)),
  );
  if (!folder?.isDirectory()) throw new UsageError(`There is no folder ${dirname(file)}.`);
  if (target?.isDirectory()) throw new UsageError(`${file} is a folder: name a file.`);
}
