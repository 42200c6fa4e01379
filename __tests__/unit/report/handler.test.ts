import { beforeEach, describe, expect, test } from '@jest/globals';

import { type ReportEvent, createReportHandler } from '../../../functions/report/handler.ts';
import { NotTheOwnerError, type Reporter } from '../../../src/report/reporter.ts';

let calls: unknown[][];
let seen: ReportEvent[];
let fail: Error | null;
let isRepeated: boolean;
beforeEach(() => {
  [calls, seen, fail, isRepeated] = [[], [], null, false];
});

function handle(event: unknown) {
  const sent = (...call: unknown[]) => {
    calls.push(call);
    return fail ? Promise.reject(fail) : Promise.resolve({ isRepeated, report: null });
  };
  const reporter: Reporter = {
    sendDigest: (...call) => sent('digest', ...call),
    sendReport: (...call) => sent('report', ...call),
  };
  return createReportHandler({
    reporter: () => Promise.resolve(reporter),
    zone: 'America/Sao_Paulo',
    observe: (one) => seen.push(one),
  })(event, 'request-1');
}

const wishes = (...keys: string[]) => ({
  Records: keys.map((key) => ({ eventSource: 'aws:s3', s3: { bucket: {}, object: { key } } })),
});

describe('the function of the report', () => {
  test.each([
    ['2026-11-22T11:00:00Z', '2026-11-21'],
    // Still the 21st in São Paulo: an event is of its own time, however late it is delivered.
    ['2026-11-22T02:59:00Z', '2026-11-20'],
  ])('sends the digest of the day before its event of %s', async (time, day) => {
    expect(await handle({ source: 'aws.events', time })).toEqual({ digests: [day], reports: [] });
    expect(calls).toEqual([['digest', day, 'request-1', { again: false }]]);
  });

  test('sends a day by hand, again where that is said', async () => {
    await handle({ date: '2026-11-01' });
    await handle({ date: '2026-11-01', again: true });
    expect(calls.map(([, , , options]) => options)).toEqual([{ again: false }, { again: true }]);
  });

  test('sends the reports that were wished for, by keys as S3 writes them', async () => {
    expect(await handle(wishes('state/reports/1.json', 'state%2Freports%2F2.json'))).toEqual({
      digests: [],
      reports: ['state/reports/1.json', 'state/reports/2.json'],
    });
  });

  test('leaves alone what is no wish', async () => {
    expect(await handle(wishes('state/sent/1.json', 'telegram/x.json'))).toEqual({
      digests: [],
      reports: [],
    });
    expect(calls).toEqual([]);
  });

  test('says what was sent before', async () => {
    isRepeated = true;
    expect(await handle({ date: '2026-11-01' })).toEqual({ digests: [], reports: [] });
    expect(seen).toEqual([
      { type: 'digest', day: '2026-11-01', sent: { isRepeated: true, report: null } },
    ]);
  });

  test('throws what failed, so that Lambda tries again; a wish of others is refused once and for all', async () => {
    fail = new Error('Athena is busy.');
    await expect(handle({ date: '2026-11-01' })).rejects.toThrow('Athena is busy.');
    fail = new NotTheOwnerError('not the owner');
    expect(await handle(wishes('state/reports/1.json'))).toEqual({ digests: [], reports: [] });
    expect(seen.map(({ type }) => type)).toEqual(['failed', 'refused']);
  });

  test.each([
    [{}],
    [null],
    [{ date: '2026-11-01', other: 1 }],
    [{ Records: [{}] }],
    [{ time: 'noon' }],
  ])('refuses %j, and says what it takes', async (event) => {
    await expect(handle(event)).rejects.toThrow(/The event is none of these/);
  });

  test('refuses days that are none', async () => {
    await expect(handle({ date: '2026-02-30' })).rejects.toThrow('no day 2026-02-30');
  });
});
