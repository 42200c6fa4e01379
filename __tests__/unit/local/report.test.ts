import { describe, expect, test } from '@jest/globals';

import { type Report, reportAsJson, reportAsText } from '../../../src/local/report.ts';

const update: Report = {
  type: 'update',
  lake: 'own',
  at: Date.parse('2026-11-21T15:00:01Z'),
  zone: 'America/Sao_Paulo',
  chat: 'Ana',
  update: 'message',
  content: 'text',
  outcome: 'answered',
  intent: 'pix',
  score: 0.987,
  stored: { key: 'telegram/context_date=2026-11-21/1.json' },
};

const closed: Report = {
  type: 'closed',
  lake: 'own',
  at: update.at,
  zone: update.zone,
  day: '2026-11-21',
  stored: 3,
  rows: 2,
  duplicates: 0,
  rejected: 1,
  parquetKey: 'telegram/context_date=2026-11-21/messages.parquet',
};

describe('as text', () => {
  test('a message is one line: when, where, what, answer, raw key', () => {
    expect(reportAsText(update, false)).toBe(
      '12:00:01 own    Ana              message/text           → answered pix 0.99              → telegram/context_date=2026-11-21/1.json',
    );
  });

  test('lines stand in columns, whatever people call themselves', () => {
    const names = ['Zé', '👩‍👩‍👧‍👦'.repeat(30), 'a\u001b[31m\nb', ''];
    const columns = names.map((chat) => {
      const line = reportAsText({ ...update, chat }, false);
      expect(line).not.toMatch(/\p{Cc}/u);
      return [...new Intl.Segmenter().segment(line.slice(0, line.indexOf('message/text')))].length;
    });
    expect(new Set(columns).size).toBe(1);
  });

  test('what was not stored says why', () => {
    const dropped: Report = {
      ...update,
      outcome: null,
      intent: null,
      score: null,
      stored: { nothing: 'dropped: chat 5' },
    };
    expect(reportAsText(dropped, false)).toMatch(/no answer +→ dropped: chat 5$/);
  });

  test('a closed day says what became of its raw objects', () => {
    expect(reportAsText(closed, false)).toMatch(
      /closed 2026-11-21: 3 raw, 2 rows, 1 rejected → telegram\/\S+\/messages\.parquet$/,
    );
    expect(reportAsText({ ...closed, parquetKey: null }, false)).toMatch(/no file/);
  });

  test('a problem comes with its remedy', () => {
    expect(reportAsText({ type: 'problem', problem: 'a', remedy: 'b' }, false)).toBe('a\n  b');
    expect(reportAsText({ type: 'problem', problem: 'a' }, false)).toBe('a');
  });

  test('colours only where they are wanted', () => {
    for (const report of [update, closed]) {
      expect(reportAsText(report, false)).not.toContain('\u001b');
      expect(reportAsText(report, true)).toContain('\u001b');
    }
  });
});

test('as JSON, one object a line, times in UTC', () => {
  const line = reportAsJson(update);
  expect(line).not.toContain('\n');
  expect(JSON.parse(line)).toEqual({ ...update, at: '2026-11-21T15:00:01.000Z' });
  expect(JSON.parse(reportAsJson({ type: 'ready', url: 'http://x' }))).toEqual({
    type: 'ready',
    url: 'http://x',
  });
});
