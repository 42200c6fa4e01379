import { describe, expect, test } from '@jest/globals';

import { fold } from '../../../src/bot/fold.ts';

describe('fold', () => {
  test.each([
    ['Vocês abrem AOS sábados?', 'voces abrem aos sabados'],
    ['oiiii!!!', 'oi'],
    ['qto custa o frete pra mim?', 'quanto custa o frete para mim'],
    ["What's your address, pls", 'whats your adres please'],
    ['cadê   meu\npedido #123', 'cade meu pedido 123'],
    ['valeu 👍🏽', 'valeu 👍'],
    ['Cafe\u0301 ﬁno', 'cafe fino'],
    ['constructor', 'constructor'],
    ['?!… ', ''],
    ['', ''],
  ])('%j becomes %j', (text, folded) => {
    expect(fold(text)).toBe(folded);
  });

  test('is done after one time', () => {
    const text = 'Vcs mandam a NF por e-mail? 🙏 Obrigaaada';
    expect(fold(fold(text))).toBe(fold(text));
  });
});
