import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

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
    ['amei ❤️ o 1️⃣', '1 amei'],
    ['bom\u00a0dia, ônibus 12?', '12 onibus'],
    ['um bom dia_feliz', 'bom dia feliz'],
  ])('%j becomes %j', (text, key) => {
    expect(questionKey(text)).toBe(key);
  });

  test.each(['', '🎉🎉', '?!', 'Oi, bom dia', 'hello'])('%j asks nothing', (text) => {
    expect(questionKey(text)).toBeNull();
  });

  test('the same question in another order of words has the same key', () => {
    expect(questionKey('o pedido chegou quando?')).toBe(questionKey('Quando chegou o pedido'));
  });

  /** Pieces that stand in each other's way: greetings, marks, and letters that are no Latin ones. */
  const piece = fc.oneof(
    fc.constantFrom(
      ...['bom dia', 'BOA', 'tarde', 'boa noite', 'good', 'morning', 'bom\u00a0dia', 'dia_x'],
      ...['@loja', 'Não', 'ß', 'øbom dia', '½', 'ª', '😊', '🅰', '\ud83d', '\udc00', '𝒜', "it's"],
      ...['İ', 'ŉ', '\n', '\u00ad', 'ǅ', 'e\u0301', '❤️', 'preço', '12', 'o'],
    ),
    fc.string({
      unit: fc.integer({ min: 0, max: 0x27f }).map((code) => String.fromCodePoint(code)),
    }),
  );
  const text = fc
    .array(fc.tuple(piece, fc.constantFrom(' ', '', '-', '  ')), { maxLength: 8 })
    .map((pieces) => pieces.flat().join(''));

  test('texts in Latin letters have the key that they have beside any other character', () => {
    // A dash that no keyboard has leads a text past the shortcut for Latin letters.
    fc.assert(
      fc.property(text, (given) => {
        expect(questionKey(given)).toBe(questionKey(`${given} \u2e3a`));
      }),
      { numRuns: 2_000 },
    );
  });
});
