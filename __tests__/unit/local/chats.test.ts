import { describe, expect, test } from '@jest/globals';

import { findSimulatedChat, listChats } from '../../../src/local/chats.ts';
import type { RecentRecord } from '../../../src/local/recentRecord.ts';
import { createRecentRecords } from '../../../src/local/recentRecords.ts';
import { SIMULATED_CHATS } from '../../../src/local/simulator/people.ts';
import { record, saying } from './support.ts';

const ANA = 990_000_000_001;

function message(
  id: number,
  chat: number,
  source: RecentRecord['source'],
  name = 'Zoë',
): RecentRecord {
  const update = {
    update_id: id,
    message: {
      message_id: id,
      date: id,
      chat: { id: chat, type: 'private', first_name: name },
      from: { id: chat, is_bot: false, first_name: name },
      text: `text ${id}`,
    },
  };
  return { ...record(update, saying(`answer ${id}`)), source };
}

function recordsOf(...all: readonly RecentRecord[]) {
  const records = createRecentRecords(100);
  for (const one of all) records.add(one);
  return records;
}

describe('the chats of a lake', () => {
  test('one may write as the invented, never as those who really wrote', () => {
    const records = recordsOf(message(1, 77, 'telegram'), message(2, 88, 'import'));
    const chats = listChats(records, { lake: 'own', hasRealBot: false });
    expect(chats.map(({ id, people }) => [id, people.length])).toEqual([
      [88, 0],
      [77, 0],
      ...SIMULATED_CHATS.map(({ id, people }) => [id, people.length]),
    ]);
    expect(findSimulatedChat(records, 77, { lake: 'own', hasRealBot: false })).toBeNull();
  });

  test("a real bot's lake offers nobody", () => {
    const records = recordsOf(message(1, 77, 'telegram'), message(2, ANA, 'simulator', 'Ana'));
    const rules = { lake: 'own', hasRealBot: true } as const;
    expect(listChats(records, rules).map(({ id, people }) => [id, people])).toEqual([
      [ANA, []],
      [77, []],
    ]);
    expect(findSimulatedChat(records, ANA, rules)).toBeNull();
  });

  test('in the sample lake one may be everybody', () => {
    const records = recordsOf(message(1, 500, 'sample'));
    const chat = findSimulatedChat(records, 500, { lake: 'sample', hasRealBot: true });
    expect(chat).toMatchObject({ id: 500, type: 'private', title: 'Zoë', people: [{ id: 500 }] });
  });

  test('the last line is the last thing said, by whomever', () => {
    const records = recordsOf(message(1, ANA, 'simulator'), message(3, ANA, 'simulator'));
    const [chat] = listChats(records, { lake: 'own', hasRealBot: false });
    expect(chat).toMatchObject({ lastText: 'answer 3', lastAt: '1970-01-01T00:00:03.000Z' });
  });
});

describe('what is remembered', () => {
  test('the same object counts once', () => {
    const records = recordsOf(message(1, ANA, 'simulator'), message(1, ANA, 'simulator'));
    expect(records.all()).toHaveLength(1);
    expect(records.countUnder('telegram/context_date=2026-11-20/')).toBe(1);
    expect(records.countUnder('telegram/context_date=2026-11-21/')).toBe(0);
  });

  test('has an end: the older half goes', () => {
    const records = createRecentRecords(10);
    for (let id = 1; id <= 11; id++) records.add(message(id, ANA, 'simulator'));
    expect(records.all().map(({ facts }) => facts.updateId)).toEqual([6, 7, 8, 9, 10, 11]);
    expect(records.ofChat(ANA)).toHaveLength(6);
    expect(records.byUpdateId(5)).toBeUndefined();
    expect(records.byUpdateId(11)).toBeDefined();
  });
});
