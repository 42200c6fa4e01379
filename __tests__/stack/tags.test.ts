import { describe, expect, test } from '@jest/globals';

import { type Synthesized, synthBootstrap, synthStack } from '../support/stacks.ts';

/** S3, CloudWatch Logs and others take no other characters in a tag, and at most 256 of them. */
const ALLOWED = /^[\p{L}\p{N}\p{Z}_.:/=+\-@]{0,256}$/u;

/** All values of tags, by resource. */
function tagsOf({ resource, provider }: Synthesized): Record<string, unknown>[] {
  const own = Object.values(resource).flatMap((named) =>
    Object.values(named).flatMap(({ tags }) => (tags ? [tags as Record<string, unknown>] : [])),
  );
  const common = provider.aws.flatMap(
    ({ default_tags: given }) => given as { tags: Record<string, unknown> }[],
  );
  return [...own, ...common.map(({ tags }) => tags)];
}

describe('tags', () => {
  test.each([
    [
      'the stack',
      async () => synthStack({ alarmEmail: 'maria@example.com', ownerChat: 5, digestHour: 8 }),
    ],
    ['the bootstrap', async () => Promise.resolve(synthBootstrap({ repository: 'maria/loja' }))],
  ])('of %s hold what AWS takes', async (_name, synth) => {
    const values = tagsOf(await synth()).flatMap((tags) => Object.values(tags));
    expect(values.length).toBeGreaterThan(3);
    expect(values.filter((value) => !ALLOWED.test(String(value)))).toEqual([]);
  });
});
