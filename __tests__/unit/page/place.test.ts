import { describe, expect, test } from '@jest/globals';
import {
  hrefOf,
  parsePlace,
  recordIn,
  recordParams,
  soughtIn,
} from '../../../page/src/app/place.ts';

describe('parsePlace', () => {
  test('reads lake, screen, chat and query', () => {
    const place = parsePlace('/own/chat/-1009900000001', 'as=7');
    expect(place).toMatchObject({ lake: 'own', screen: 'chat', chat: -1009900000001 });
    expect(place?.params.get('as')).toBe('7');
  });

  test.each(['/', '/own', '/other/chat', '/own/lakes', '/own/analyses/5', '/own/chat/abc'])(
    'knows no place at %s',
    (path) => {
      expect(parsePlace(path, '')).toBeNull();
    },
  );

  test('is undone by hrefOf', () => {
    for (const href of [
      '/sample/chat',
      '/own/chat/42?as=1',
      '/sample/analyses?period=7d',
      '/own/lake',
      '/own/sql',
    ]) {
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

describe('soughtIn', () => {
  test('reads which row of the table is wanted', () => {
    const sought = (query: string) => soughtIn(new URLSearchParams(query))?.toString();
    expect(sought('day=2026-11-22&update=7')).toBe('day=2026-11-22&update=7');
    expect(sought('day=2026-11-22&time=2026-11-22T10:00:00')).toContain('time=2026-11-22');
    expect(sought('update=7')).toBeUndefined();
    expect(sought('day=2026-11-22')).toBeUndefined();
  });
});
