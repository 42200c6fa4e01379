import { describe, expect, test } from '@jest/globals';

import { loadAnalyses, parseAnalysis } from '../../../src/analytics/analyses.ts';
import { HeaderError } from '../../../src/analytics/header.ts';

const HEADER = `-- title: { en: Days, pt: Dias }
-- question: { en: How many?, pt: Quantos? }
-- section: activity
-- time_zone: lake
-- columns:
--   - { name: context_date, type: date, unit: day, title: { en: Day, pt: Dia } }
--   - { name: message_amount, type: bigint, unit: null, title: { en: Messages, pt: Mensagens } }
-- chart: { kind: line, x: context_date, y: message_amount }
`;
const QUERY = `
SELECT context_date, count(*) AS message_amount
FROM messages
WHERE
  context_date >= current_date - INTERVAL '89' DAY -- period
GROUP BY 1
`;

function errorOf(sql: string): string {
  try {
    parseAnalysis('days.sql', sql);
  } catch (error) {
    expect(error).toBeInstanceOf(HeaderError);
    return (error as Error).message;
  }
  throw new Error('There was no error.');
}

describe('parseAnalysis', () => {
  test('takes title, question, columns and chart from the header', () => {
    const analysis = parseAnalysis('days.sql', `-- order: 3\n${HEADER}${QUERY}`);
    expect(analysis).toEqual({
      name: 'days',
      title: { en: 'Days', pt: 'Dias' },
      question: { en: 'How many?', pt: 'Quantos?' },
      order: 3,
      section: 'activity',
      timeZone: 'lake',
      columns: [
        { name: 'context_date', type: 'date', unit: 'day', title: { en: 'Day', pt: 'Dia' } },
        {
          ...{ name: 'message_amount', type: 'bigint', unit: null },
          title: { en: 'Messages', pt: 'Mensagens' },
        },
      ],
      chart: { kind: 'line', x: 'context_date', y: ['message_amount'] },
      filters: [],
      sql: `-- order: 3\n${HEADER}${QUERY}`,
    });
  });

  test('without a place comes after those that have one', () => {
    const last = parseAnalysis('days.sql', HEADER + QUERY);
    expect(last.order).toBeGreaterThan(1_000);
  });

  test.each([
    ['no header', QUERY.trimStart(), /^days\.sql:1: there is no header; open the file with one/],
    [
      'broken YAML',
      HEADER.replace('{ en: Days, pt: Dias }', '{ en: Days') + QUERY,
      /^days\.sql:\d+: the header is no YAML \(.+\); mend the line\.$/,
    ],
    [
      'a missing language',
      HEADER.replace(', pt: Quantos?', '') + QUERY,
      /^days\.sql:2: question\.pt has no Portuguese text; write it after "pt:"\.$/,
    ],
    [
      'an unknown type',
      HEADER.replace('type: bigint', 'type: number') + QUERY,
      /^days\.sql:7: columns\.1\.type is no type of Athena/,
    ],
    [
      'an unknown time zone',
      HEADER.replace('time_zone: lake', 'time_zone: local') + QUERY,
      /^days\.sql:4: time_zone is neither "lake" nor "UTC"\.$/,
    ],
    [
      'a chart of a column that there is not',
      HEADER.replace('y: message_amount', 'y: messages') + QUERY,
      /^days\.sql:8: chart\.y names "messages", which is not among the columns/,
    ],
    [
      'a spelling mistake',
      HEADER.replace('-- title', '-- titel') + QUERY,
      /^days\.sql:1: title is not a text in two languages|has "titel", which nothing reads/,
    ],
    ['no marked period', HEADER + QUERY.replace(' -- period', ''), /^days\.sql: 0 lines end in/],
    ['two marked periods', HEADER + QUERY + QUERY, /^days\.sql: 2 lines end in/],
  ])('names file, line and remedy of %s', (_, sql, message) => {
    expect(errorOf(sql)).toMatch(message);
  });
});

describe('the files of sql/', () => {
  test('begin with the four of the brief in its order', async () => {
    const analyses = await loadAnalyses('sql');
    expect(analyses.slice(0, 4).map(({ name }) => name)).toEqual([
      'messages_per_day',
      'messages_per_user_per_day',
      'message_length_per_user_per_day',
      'messages_per_hour_and_weekday',
    ]);
  });

  test.each(['latest_messages', 'AT TIME ZONE'])('do without %s', async (word) => {
    const analyses = await loadAnalyses('sql');
    expect(analyses.filter(({ sql }) => new RegExp(`\\b${word}\\b`, 'i').test(sql))).toEqual([]);
  });
});
