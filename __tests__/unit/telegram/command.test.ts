import { expect, test } from '@jest/globals';
import { readCommand } from '../../../src/telegram/command.ts';

const seen = [{ type: 'bot_command', offset: 0, length: 6 }];

test.each([
  ['/start', { name: 'start', bot: null, rest: '' }],
  ['/START  abc-1 ', { name: 'start', bot: null, rest: 'abc-1' }],
  ['/help@Loja_Bot\nagora', { name: 'help', bot: 'Loja_Bot', rest: 'agora' }],
  ['/start, por favor', { name: 'start', bot: null, rest: ', por favor' }],
  ['/start@x', { name: 'start', bot: null, rest: '@x' }],
])('%p is a command', (text, command) => {
  expect(readCommand(text, seen)).toEqual(command);
  expect(readCommand(text, undefined)).toEqual(command);
});

test.each(['', '/', 'start', ' /start', '/usr/bin', '/início', '//start', `/${'a'.repeat(65)}`])(
  '%p is none',
  (text) => {
    expect(readCommand(text, undefined)).toBeNull();
  },
);

test('one that Telegram did not mark is none: it was written as code', () => {
  expect(readCommand('/start', [{ type: 'code', offset: 0, length: 6 }])).toBeNull();
  expect(readCommand('/start', [{ type: 'bold', offset: 0, length: 6 }, ...seen])).not.toBeNull();
});
