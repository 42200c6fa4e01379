import { describe, expect, test } from '@jest/globals';

import { questionKey } from '../../../src/lake/questionKey.ts';

describe('questionKey', () => {
  test.each([
    ['Quanto custa o frete?', 'custa frete quanto'],
    ['  QUANTO  custa   o FRETE ???', 'custa frete quanto'],
    ['Oi, bom dia! Vocês podem me dizer quanto custa o frete 🙏', 'custa dizer frete quanto'],
    ['Qual é o horário?', 'horario qual'],
    ['what’s the price?', 'price what'],
    ['What is the PRICE', 'price what'],
    ['frete frete frete', 'frete'],
    ['Abre à noite?', 'abre noite'],
    ['@loja_bot vocês entregam em Belém?', 'belem entregam'],
    ['tamanho M', 'm tamanho'],
    ['不在 営業時間', '不在 営業時間'],
    ['ＦＲＥＴＥ', 'frete'],
  ])('%j becomes %j', (text, key) => {
    expect(questionKey(text)).toBe(key);
  });

  test.each(['', '🎉🎉', '?!', 'Oi, bom dia', 'hello'])('%j asks nothing', (text) => {
    expect(questionKey(text)).toBeNull();
  });

  test('the same question in another order of words has the same key', () => {
    expect(questionKey('o pedido chegou quando?')).toBe(questionKey('Quando chegou o pedido'));
  });
});
