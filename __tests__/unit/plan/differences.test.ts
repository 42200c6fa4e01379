import { describe, expect, test } from '@jest/globals';

import { differences } from '../../../scripts/plan/differences.ts';
import type { Change } from '../../../scripts/plan/plan.ts';

function between(before: unknown, after: unknown, marks: Partial<Change> = {}): string[] {
  return differences({ actions: ['update'], before, after, ...marks }).map(
    ({ path, before: old, after: fresh }) => `${path}: ${old} → ${fresh}`,
  );
}

describe('the differences of a change', () => {
  test('are told leaf by leaf, blocks that stand once without their index', () => {
    expect(
      between(
        { tags: { a: '1' }, rule: [{ days: 30 }], targets: ['x', 'y'], same: 1 },
        { tags: { a: '2', b: '3' }, rule: [{ days: 31 }], targets: ['x', 'z'], same: 1 },
      ),
    ).toEqual([
      'tags.a: `1` → `2`',
      'tags.b: none → `3`',
      'rule.days: `30` → `31`',
      'targets[1]: `y` → `z`',
    ]);
  });

  test('are none between nothing and nothing', () => {
    expect(between({ a: null, b: '', c: [] }, { a: '', b: null, d: {} })).toEqual([]);
    expect(between({ a: false }, { a: 0 })).toEqual(['a: `false` → `0`']);
  });

  test('tell a value that changes its kind, and what comes or goes whole', () => {
    expect(between({ a: 'x' }, { a: ['x'] })).toEqual(['a: `x` → `["x"]`']);
    expect(between(null, { a: 1 })).toEqual(['a: none → `1`']);
    expect(between({ a: { b: 1 } }, null)).toEqual(['a.b: `1` → none']);
  });

  test('tell what only applying will show, also within lists', () => {
    expect(
      between(
        { arn: 'old', ids: ['a', 'b'] },
        { ids: ['a'] },
        {
          after_unknown: { arn: true, ids: [false, true] },
        },
      ),
    ).toEqual(['arn: `old` → (known after apply)', 'ids[1]: `b` → (known after apply)']);
  });

  test('hide what is sensitive, wherever the mark stands', () => {
    const values = [
      { value: 'old', list: [{ key: 'old' }] },
      { value: 'new', list: [{ key: 'new' }] },
    ];
    const whole = { before_sensitive: true, after_sensitive: true };
    const parts = { value: true, list: [{ key: true }] };
    expect(between(values[0], values[1], whole)).toEqual([': (sensitive) → (sensitive)']);
    expect(between(values[0], values[1], { after_sensitive: parts })).toEqual([
      'value: (sensitive) → (sensitive)',
      'list.key: (sensitive) → (sensitive)',
    ]);
    expect(between(values[0], values[1], { before_sensitive: parts })).toEqual([
      'value: (sensitive) → (sensitive)',
      'list.key: (sensitive) → (sensitive)',
    ]);
    // Deleted whole, or of a kind that changes.
    expect(
      between({ a: { b: 'old' } }, { a: 'new' }, { before_sensitive: { a: { b: true } } }),
    ).toEqual(['a: (sensitive) → `new`']);
    expect(
      between(
        { a: { b: 'old' } },
        {},
        { before_sensitive: { a: { b: true } }, after_unknown: { a: true } },
      ),
    ).toEqual(['a: (sensitive) → (known after apply)']);
  });

  test('tell long texts by their length', () => {
    expect(between({ query: 'a'.repeat(100) }, { query: 'b' })).toEqual([
      'query: 100 characters → `b`',
    ]);
  });
});
