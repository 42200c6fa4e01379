import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { hasSecret } from '../../../functions/webhook/verify.ts';

const HEADER = 'X-Telegram-Bot-Api-Secret-Token';
const secrets = { current: 'new-secret', previous: 'old-secret' };

describe('the secret header', () => {
  test.each([HEADER, HEADER.toLowerCase(), HEADER.toUpperCase()])('is found as %s', (name) => {
    expect(hasSecret({ Host: 'x', [name]: 'new-secret' }, secrets)).toBe(true);
  });

  test('may carry the secret before, as long as there is one', () => {
    expect(hasSecret({ [HEADER]: 'old-secret' }, secrets)).toBe(true);
    expect(hasSecret({ [HEADER]: 'old-secret' }, { current: 'new-secret' })).toBe(false);
  });

  test.each([
    ['no headers', null],
    ['no such header', { Host: 'x' }],
    ['an empty one', { [HEADER]: '' }],
    ['another secret', { [HEADER]: 'new-secre' }],
    ['a longer one', { [HEADER]: 'new-secret ' }],
    ['both at once', { [HEADER]: 'new-secret,old-secret' }],
    ['an undefined one', { [HEADER]: undefined }],
  ])('%s admits nobody', (_name, headers) => {
    expect(hasSecret(headers, secrets)).toBe(false);
  });

  test('an empty secret admits nobody', () => {
    for (const given of ['', ' ']) {
      expect(hasSecret({ [HEADER]: given }, { current: '', previous: '' })).toBe(false);
    }
  });

  test('nothing but the secret itself is one', () => {
    fc.assert(
      fc.property(fc.string(), (given) => {
        expect(hasSecret({ [HEADER]: given }, { current: 'new-secret' })).toBe(
          given === 'new-secret',
        );
      }),
    );
  });
});
