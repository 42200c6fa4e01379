import { beforeEach, describe, expect, test } from '@jest/globals';

import { type ChatSettings, createChatGate } from '../../../src/lake/chatGate.ts';
import { UnavailableError } from '../../../src/lake/objectStore.ts';
import { type RawUpdate, updateFacts } from '../../../src/telegram/updateFacts.ts';
import { MemoryStore } from '../../support/memoryStore.ts';
import { SPECIAL_UPDATES, UPDATES } from '../../support/updates/fixtures.ts';
import { CAROL, CAROLS_CHAT, CHANNEL, GROUP, SUPERGROUP } from '../../support/updates/people.ts';

const STATE = `state/chats/${GROUP.id}.json`;

/** A message in a chat, with what the test is about. */
function messageIn(chat: object, fields: object = {}): RawUpdate {
  return { update_id: 1, message: { message_id: 1, date: 1_768_478_400, chat, ...fields } };
}

const privateMessage = messageIn(CAROLS_CHAT, { from: CAROL, text: 'oi' });
const groupMessage = messageIn(GROUP, { from: CAROL, text: 'oi' });
const supergroupMessage = messageIn(SUPERGROUP, { from: CAROL, text: 'oi' });
const toldInOldChat = messageIn(GROUP, { from: CAROL, migrate_to_chat_id: SUPERGROUP.id });
const toldInNewChat = messageIn(SUPERGROUP, { from: CAROL, migrate_from_chat_id: GROUP.id });

let raw: MemoryStore;

beforeEach(() => {
  raw = new MemoryStore();
});

function gate(chats: ChatSettings['chats'], others: Partial<ChatSettings> = {}) {
  const { admit } = createChatGate({ chats, staffChats: [], ...others }, raw);
  return async (update: object): Promise<boolean> =>
    (await admit(updateFacts(update as RawUpdate))).isOurs;
}

describe('whose updates are ours', () => {
  test('any: all of them, of every kind', async () => {
    const isOurs = gate('any');
    for (const update of [...Object.values(UPDATES), ...Object.values(SPECIAL_UPDATES)]) {
      expect(await isOurs(update)).toBe(true);
    }
  });

  test('private: those of private chats', async () => {
    const isOurs = gate('private');
    expect(await isOurs(privateMessage)).toBe(true);
    expect(await isOurs(groupMessage)).toBe(false);
    expect(await isOurs(supergroupMessage)).toBe(false);
    expect(await isOurs(messageIn(CHANNEL))).toBe(false);
  });

  test('a list: those of its chats', async () => {
    const isOurs = gate([CAROLS_CHAT.id, SUPERGROUP.id]);
    expect(await isOurs(privateMessage)).toBe(true);
    expect(await isOurs(supergroupMessage)).toBe(true);
    expect(await isOurs(groupMessage)).toBe(false);
    expect(await isOurs(messageIn({ id: 5, type: 'private' }))).toBe(false);
  });

  test('an update without a chat is admitted by its user, as if in private', async () => {
    const query = { update_id: 1, inline_query: { id: '1', from: CAROL, query: 'x', offset: '' } };
    expect(await gate('private')(query)).toBe(true);
    expect(await gate([CAROL.id])(query)).toBe(true);
    expect(await gate([SUPERGROUP.id])(query)).toBe(false);
  });

  test.each([
    ['a poll', UPDATES.poll],
    ['an unknown kind', SPECIAL_UPDATES.unknownKind],
    ['a bare number', SPECIAL_UPDATES.nothingButNumber],
  ])('%s belongs to nobody: any and private keep it, a list does not', async (_name, update) => {
    expect(await gate('any')(update)).toBe(true);
    expect(await gate('private')(update)).toBe(true);
    expect(await gate([CAROL.id])(update)).toBe(false);
  });

  test('owner and staff are always admitted', async () => {
    const others = { ownerChat: CAROLS_CHAT.id, staffChats: [SUPERGROUP.id] };
    for (const isOurs of [gate([5], others), gate('private', others)]) {
      expect(await isOurs(privateMessage)).toBe(true);
      expect(await isOurs(supergroupMessage)).toBe(true);
      expect(await isOurs(groupMessage)).toBe(false);
    }
  });
});

describe('what is said of a chat that is not ours', () => {
  test('its id and the setting that would admit it, the first time', async () => {
    const { admit } = createChatGate({ chats: [5, 6], staffChats: [] }, raw);
    const facts = updateFacts(groupMessage);
    const first = await admit(facts);
    expect(first).toMatchObject({ isOurs: false, isFirst: true });
    expect(first).toHaveProperty(
      'reason',
      expect.stringContaining(`CHATBOT_CHATS=5,6,${GROUP.id}`),
    );
    expect(await admit(facts)).toMatchObject({ isOurs: false, isFirst: false });
    expect(await admit(updateFacts(supergroupMessage))).toMatchObject({ isFirst: true });
  });

  test('under private, that it is no private chat', async () => {
    const { admit } = createChatGate({ chats: 'private', staffChats: [] }, raw);
    expect(await admit(updateFacts(groupMessage))).toHaveProperty(
      'reason',
      expect.stringMatching(/-4012345678 is not a private one.*CHATBOT_CHATS=any/),
    );
  });

  test('of a kind that belongs to nobody, what would keep it', async () => {
    const { admit } = createChatGate({ chats: [5], staffChats: [] }, raw);
    expect(await admit(updateFacts(UPDATES.poll))).toMatchObject({
      isFirst: true,
      reason: expect.stringContaining('kind poll names neither chat nor user') as unknown,
    });
  });
});

describe('a group that becomes a supergroup keeps its place', () => {
  test.each([
    ['told in the old chat first', [toldInOldChat, toldInNewChat]],
    ['told in the new chat first', [toldInNewChat, toldInOldChat]],
    ['told in the old chat only', [toldInOldChat]],
    ['told in the new chat only', [toldInNewChat]],
  ])('%s', async (_name, updates) => {
    const isOurs = gate([GROUP.id]);
    expect(await isOurs(supergroupMessage)).toBe(false);
    for (const update of updates) expect(await isOurs(update)).toBe(true);
    expect(await isOurs(supergroupMessage)).toBe(true);
    expect(await isOurs(groupMessage)).toBe(true);
    expect(JSON.parse(raw.bytes(STATE).toString())).toEqual({ v: 1, migrated_to: SUPERGROUP.id });
  });

  test('also for another process, started before or after', async () => {
    const before = gate([GROUP.id]);
    expect(await before(supergroupMessage)).toBe(false);
    await gate([GROUP.id])(toldInOldChat);
    expect(await before(supergroupMessage)).toBe(true);
    expect(await gate([GROUP.id])(supergroupMessage)).toBe(true);
  });

  test('a staff group, too, when only private chats are ours', async () => {
    const isOurs = gate('private', { staffChats: [GROUP.id] });
    expect(await isOurs(toldInNewChat)).toBe(true);
    expect(await isOurs(supergroupMessage)).toBe(true);
  });

  test('another group does not come in with it', async () => {
    const isOurs = gate([5]);
    expect(await isOurs(toldInOldChat)).toBe(false);
    expect(await isOurs(toldInNewChat)).toBe(false);
    expect(await isOurs(supergroupMessage)).toBe(false);
    expect(raw.keys()).toEqual([]);
  });

  test('what is known is not looked up again', async () => {
    const isOurs = gate([GROUP.id, CAROLS_CHAT.id]);
    await isOurs(toldInOldChat);
    await isOurs(supergroupMessage);
    await isOurs(privateMessage);
    await isOurs(messageIn(CHANNEL));
    expect(raw.reads).toEqual([]);
  });

  test('a store that cannot remember it is an error: the update must come again', async () => {
    raw.beforePut = () => {
      throw new UnavailableError('disk full');
    };
    const isOurs = gate([GROUP.id]);
    await expect(isOurs(toldInNewChat)).rejects.toThrow(UnavailableError);
    raw.beforePut = undefined;
    expect(await isOurs(toldInNewChat)).toBe(true);
    expect(raw.keys()).toEqual([STATE]);
  });
});
