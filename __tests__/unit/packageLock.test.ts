import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, test } from '@jest/globals';

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>
  >;
}

/**
 * Optional dependencies that a lock names and has no entry for, as `package: dependency`. They are
 * mostly builds for other platforms: without an entry, `npm ci` does not install them there.
 *
 * @see https://github.com/npm/cli/issues/4828
 */
function missingOptional({ packages }: Lock): string[] {
  /** Where Node looks from a package's folder: in its own node_modules, then in those above it. */
  const hasEntry = (folder: string, name: string): boolean => {
    if (`${folder === '' ? '' : `${folder}/`}node_modules/${name}` in packages) return true;
    if (folder === '') return false;
    const above = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')));
    return hasEntry(above, name);
  };
  return Object.entries(packages).flatMap(([folder, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !hasEntry(folder, name))
      .map((name) => `${folder}: ${name}`),
  );
}

const path = fileURLToPath(new URL('../../package-lock.json', import.meta.url));
const lock = JSON.parse(readFileSync(path, 'utf8')) as Lock;

describe('package-lock.json', () => {
  test('has an entry for every optional dependency, so that npm ci works on every platform', () => {
    const optional = Object.values(lock.packages).flatMap(({ optionalDependencies = {} }) =>
      Object.keys(optionalDependencies),
    );
    expect(optional.some((name) => name.includes('darwin-arm64'))).toBe(true);
    expect(missingOptional(lock)).toEqual([]);
  });

  test('would be told otherwise of one that is nowhere above its package', () => {
    const packages = {
      'node_modules/tool': { optionalDependencies: { 'tool-linux': '1', 'tool-darwin': '1' } },
      'node_modules/tool/node_modules/inner': { optionalDependencies: { 'tool-linux': '1' } },
      'node_modules/tool/node_modules/tool-linux': {},
      'node_modules/other/node_modules/tool-darwin': {},
      'node_modules/other': { optionalDependencies: { inner: '1' } },
    };
    expect(missingOptional({ packages })).toEqual([
      'node_modules/tool: tool-darwin',
      'node_modules/other: inner',
    ]);
  });
});
