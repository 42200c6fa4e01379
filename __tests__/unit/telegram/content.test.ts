import { describe, expect, test } from '@jest/globals';
import {
  CONTENT_TYPES,
  type ContentType,
  isServiceContent,
  MESSAGE_FIELDS,
} from '../../../src/telegram/content.ts';
import { UPDATE_TYPES } from '../../../src/telegram/updateTypes.ts';
import { describeWithTestData } from '../../support/testData.ts';

test.each<[ContentType, ContentType]>([
  ['animation', 'document'],
  ['live_photo', 'photo'],
  ['venue', 'location'],
])('%s comes before %s, which Telegram sends beside it', (specific, general) => {
  expect(CONTENT_TYPES.indexOf(specific)).toBeLessThan(CONTENT_TYPES.indexOf(general));
});

test('there are 27 kinds of update, messages first', () => {
  expect(UPDATE_TYPES).toHaveLength(27);
  expect(UPDATE_TYPES[0]).toBe('message');
});

test('payments: the bill is a message, the receipt a service message', () => {
  expect(isServiceContent('invoice')).toBe(false);
  expect(isServiceContent('successful_payment')).toBe(true);
});

describeWithTestData('the Bot API as data', ({ botApi }) => {
  const fieldsOf = (type: string) => botApi.types[type]?.fields ?? [];
  const namesOf = (type: string) => fieldsOf(type).map(({ name }) => name);

  test('every field of Message is classified, in the order of the Bot API', () => {
    const names = namesOf('Message');
    expect(names.length).toBeGreaterThan(100);
    const ours = Object.keys(MESSAGE_FIELDS);
    expect(ours.filter((name) => names.includes(name))).toEqual(names);
  });

  describe('what the Bot API calls a service message is one', () => {
    const called = fieldsOf('Message').filter(({ description }) =>
      /service message/i.test(description),
    );

    test.each(called.map(({ name }) => name))('%s', (name) => {
      expect(MESSAGE_FIELDS).toHaveProperty(name, 'service');
    });
  });

  test('every kind of update is known, in the order of the Bot API', () => {
    const names = namesOf('Update').filter((name) => name !== 'update_id');
    expect(UPDATE_TYPES.filter((type) => names.includes(type))).toEqual(names);
  });
});
