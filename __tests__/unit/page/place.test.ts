import { describe, expect, test } from '@jest/globals';
import { hrefOf, parsePlace, recordIn, recordParams } from '../../../page/src/app/place.ts';

describe('parsePlace', () => {
  test('reads lake, screen, chat and query', () => {
    const place = parsePlace('/own/chat/-1009900000001', 'as=7');
    expect(place).toMatchObject({ lake: 'own', screen: 'chat', chat: -1009900000001 });
    expect(place?.params.get('as')).toBe('7');
  });

  test.each(['/', '/own', '/other/chat', '/own/lake', '/own/analyses/5', '/own/chat/abc'])(
    'knows no place at %s',
    (path) => {
      expect(parsePlace(path, '')).toBeNull();
    },
  );

  test('is undone by hrefOf', () => {
    for (const href of ['/sample/chat', '/own/chat/42?as=1', '/sample/analyses?days=7']) {
      const [path = '', query = ''] = href.split('?');
      const place = parsePlace(path, query);
      expect(place && hrefOf(place)).toBe(href);
    }
  });
});

describe('recordIn', () => {
  test('reads what recordParams writes', () => {
    for (const ref of [
      { key: 'telegram/context_date=2026-11-22/7.json', line: 0 },
      { key: 'telegram/context_date=2026-11-22/a.ndjson.gz', line: 75 },
    ]) {
      const params = new URLSearchParams();
      for (const [name, value] of Object.entries(recordParams(ref))) {
        if (value !== null) params.set(name, value);
      }
      expect(recordIn(params)).toEqual(ref);
    }
  });

  test('takes a line that is none for the first', () => {
    expect(recordIn(new URLSearchParams('record=k&line=-3'))).toEqual({ key: 'k', line: 0 });
  });
});
