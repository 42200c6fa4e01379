import { expect, test } from '@jest/globals';
import { partyOf } from '../../../src/telegram/admission.ts';
import { updateFacts } from '../../../src/telegram/updateFacts.ts';
import { SPECIAL_UPDATES, UPDATES } from '../../support/updates/fixtures.ts';
import { CAROL, CHANNEL, JAMES, MARIA, SUPERGROUP } from '../../support/updates/people.ts';

test.each([
  ['a message by its chat', UPDATES.message, CAROL.id, true],
  ['a message in a group by the group', SPECIAL_UPDATES.reply, SUPERGROUP.id, false],
  ['a tap by the chat of its button', UPDATES.callback_query, CAROL.id, true],
  ['an inline query by its user', UPDATES.inline_query, JAMES.id, true],
  ['a business connection by its user', UPDATES.business_connection, MARIA.id, true],
  ['a vote by its user', UPDATES.poll_answer, CAROL.id, true],
  ['an anonymous vote by the chat that voted', SPECIAL_UPDATES.anonymousVote, CHANNEL.id, false],
  ['chat 0 like any other', SPECIAL_UPDATES.zeroIds, 0, true],
])('%s', (_, update, id, isPrivate) => {
  expect(partyOf(updateFacts({ ...update }))).toEqual({ id, isPrivate });
});

test.each([UPDATES.poll, SPECIAL_UPDATES.unknownKind])('nobody', (update) => {
  expect(partyOf(updateFacts({ ...update }))).toBeNull();
});
