import { describe, expect, test } from '@jest/globals';
import { NEW_DRAFT, actionOf } from '../../../page/src/chat/draft.ts';
import type { Entry } from '../../../src/local/api.ts';

const entry: Entry = {
  id: 'one',
  by: 'person',
  messageId: 12,
  at: '2026-11-22T12:00:00Z',
  author: null,
  text: 'first',
  contentType: 'text',
  edit: null,
  reactions: [],
  replyTo: null,
  buttons: [],
  record: { key: 'k', line: 0 },
};

describe('actionOf', () => {
  test('sends nothing when nothing was written', () => {
    expect(actionOf(NEW_DRAFT)).toBeNull();
    expect(actionOf({ ...NEW_DRAFT, text: ' \n ' })).toBeNull();
  });

  test('sends a photo with and without a caption', () => {
    expect(actionOf({ ...NEW_DRAFT, photo: true })).toEqual({ type: 'photo' });
    expect(actionOf({ text: ' my vase ', photo: true, about: null })).toEqual({
      type: 'photo',
      caption: 'my vase',
    });
  });

  test('replies and edits by the number of the message', () => {
    const draft = { text: 'hello', photo: false };
    expect(actionOf({ ...draft, about: { kind: 'reply', entry } })).toEqual({
      type: 'text',
      text: 'hello',
      replyToMessageId: 12,
    });
    expect(actionOf({ ...draft, about: { kind: 'edit', entry } })).toEqual({
      type: 'edit',
      messageId: 12,
      text: 'hello',
    });
  });
});
