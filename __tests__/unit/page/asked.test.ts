import { describe, expect, test } from '@jest/globals';
import { asked, askedIn, askedOfRow, askedParams } from '../../../page/src/analyses/asked.ts';
import type { AnalysisInfo } from '../../../src/local/api.ts';

const title = { en: '', pt: '' };
const analysis: AnalysisInfo = {
  name: 'fallback_rate_per_day',
  title,
  question: title,
  section: 'bot',
  columns: [],
  chart: { kind: 'line', x: 'context_date', y: ['fallback_rate'] },
  filters: [],
  rows: { of: 'telegram', by: ['context_date'], numbers: ['fallback_amount'] },
  sql: '',
};

describe('asked', () => {
  test('keeps what tells the rows, and the number that counts others than its neighbours', () => {
    const values = { context_date: '2026-03-01', fallback_rate: 0.5 };
    expect(asked(analysis, { values, number: 'fallback_amount' })).toEqual({
      analysis: analysis.name,
      values: { context_date: '2026-03-01' },
      number: 'fallback_amount',
    });
    expect(asked(analysis, { values, number: 'fallback_rate' })?.number).toBeNull();
  });

  test('asks for nothing where there are no rows to show', () => {
    expect(asked({ ...analysis, rows: null }, { values: {}, number: null })).toBeNull();
  });

  test('takes the values of a row by its columns', () => {
    const result = { columns: ['context_date', 'fallback_rate'] };
    expect(askedOfRow(analysis, result, ['2026-03-01', 0.5])?.values).toEqual({
      context_date: '2026-03-01',
    });
  });
});

describe('askedIn', () => {
  const roundTrip = (values: Record<string, number | string | null>, number: string | null) => {
    const params = new URLSearchParams();
    const ask = { analysis: 'top_topics', values, number };
    for (const [name, value] of Object.entries(askedParams(ask))) {
      if (value !== null) params.set(name, value);
    }
    return askedIn(params);
  };

  test('reads what askedParams writes, with types and nulls', () => {
    const values = { user_id: 7, user_first_name: null, question_key: 'é & "x"' };
    expect(roundTrip(values, 'tap_amount')).toEqual({
      analysis: 'top_topics',
      values,
      number: 'tap_amount',
    });
    expect(roundTrip({}, null)).toEqual({ analysis: 'top_topics', values: {}, number: null });
  });

  test('takes what is no JSON for no narrowing', () => {
    expect(askedIn(new URLSearchParams('rows=words&at={'))).toMatchObject({ values: {} });
    expect(askedIn(new URLSearchParams('at={}'))).toBeNull();
  });
});
