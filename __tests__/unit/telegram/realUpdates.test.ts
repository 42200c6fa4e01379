import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { UpdateFacts } from '../../../src/telegram/facts.ts';
import { parseUpdate } from '../../../src/telegram/parseUpdate.ts';
import { describeWithTestData } from '../../support/testData.ts';
import { arbitraryUpdateByBotApi } from '../../support/updates/botApiArbitraries.ts';

/** What is to be read from each of the real updates, in the order of updates.json. */
const EXPECTED: readonly Partial<UpdateFacts>[] = [
  { updateId: 1, updateType: 'unknown', ownTime: null, chat: null, user: null, contentType: null },
  { updateId: 2, updateType: 'poll_answer', ownTime: null, chat: null },
  {
    updateId: 439432599,
    updateType: 'message',
    ownTime: 1721592028,
    contentType: 'story',
    isService: false,
    messageId: 134545,
    text: null,
    textLength: null,
    chat: { id: -1001293752024, type: 'supergroup', title: 'CryptoInside Chat' },
    user: {
      id: 6962620676,
      isBot: false,
      firstName: 'Wert',
      username: 'WertCrypto',
      languageCode: null,
    },
  },
  {
    updateId: 439432600,
    contentType: 'text',
    text: '/report',
    textLength: 7,
    command: 'report',
    replyToMessageId: 134545,
    replyToUserId: 6962620676,
    messageThreadId: 134545,
  },
  { updateId: 573255266, contentType: 'dice', isService: false, date: 1596014550 },
  { updateId: 1, updateType: 'unknown' },
  {
    updateId: 0,
    updateType: 'my_chat_member',
    ownTime: 1644677726,
    chat: { id: 0, type: 'private', title: null },
    user: { id: 0, isBot: false, firstName: 'FN', username: 'UN', languageCode: null },
    memberUserId: 1,
    memberStatusOld: 'member',
    memberStatusNew: 'kicked',
  },
  {
    updateId: 71651249,
    updateType: 'message_reaction',
    ownTime: 1721306082,
    messageId: 35,
    reaction: '🌭',
    senderChat: null,
  },
  {
    updateId: 767844136,
    updateType: 'message_reaction',
    ownTime: 1723798597,
    user: null,
    senderChat: { id: -1002199793788, type: 'supergroup', title: 'тест' },
    reaction: '',
  },
  {
    updateId: 71651251,
    updateType: 'message_reaction_count',
    ownTime: 1721306391,
    user: null,
    reaction: '🗿,🌭',
  },
  {
    updateId: 71651297,
    updateType: 'removed_chat_boost',
    ownTime: 1721999621,
    user: {
      id: 1459074222,
      isBot: false,
      firstName: 'shadowchain',
      username: 'shdwchn10',
      languageCode: 'en',
    },
  },
  { updateId: 10000, contentType: 'text', text: '/start', command: 'start', startPayload: null },
  {
    updateId: 10000,
    updateType: 'message',
    contentType: 'text',
    text: 'Bold and italics',
    editDate: null,
    isForward: true,
    replyToMessageId: 1334,
    callbackData: null,
    ownTime: 1441645532,
  },
];

describeWithTestData('real updates', ({ updates, botApi }) => {
  test('there is an expectation for each', () => {
    expect(updates).toHaveLength(EXPECTED.length);
  });

  test.each(EXPECTED.map((facts, index) => ({ index, facts })))(
    'number $index: $facts.updateId',
    ({ index, facts }) => {
      expect(parseUpdate(JSON.stringify(updates[index]?.update)).facts).toMatchObject(facts);
    },
  );

  test('any update that the Bot API as data allows is of its kind and has its number', () => {
    fc.assert(
      fc.property(arbitraryUpdateByBotApi(botApi), (update) => {
        const { facts } = parseUpdate(JSON.stringify(update));
        expect(facts.updateId).toBe(update.update_id);
        expect(Object.keys(update)).toContain(facts.updateType);
      }),
      { numRuns: 500 },
    );
  });
});
