import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { ConfigError, loadConfig } from '../../../src/config/load.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Writes a cdktf.json with this context `chatbot`. */
function context(chatbot: unknown): void {
  writeFileSync(join(folder, 'cdktf.json'), JSON.stringify({ context: { chatbot } }));
}

describe('loadConfig', () => {
  test('is complete without any file or variable', () => {
    expect(loadConfig({ folder, env: {} })).toMatchObject({
      project: 'chatbot',
      zone: 'America/Sao_Paulo',
      language: 'pt',
      chats: 'private',
      floodPerMinute: 20,
    });
  });

  test('takes cdktf.json over the defaults of a home, and a variable over both', () => {
    context({ zone: 'Europe/Lisbon', language: 'en' });
    const config = loadConfig({
      folder,
      env: { CHATBOT_LANGUAGE: 'pt' },
      defaults: { zone: 'UTC', chats: 'any' },
    });
    expect(config).toMatchObject({ zone: 'Europe/Lisbon', language: 'pt', chats: 'any' });
  });

  test('reads lists of chats, and TELEGRAM_CHAT_ID as a list of one', () => {
    expect(loadConfig({ folder, env: { TELEGRAM_CHAT_ID: '-1001' } }).chats).toEqual([-1001]);
    expect(
      loadConfig({ folder, env: { TELEGRAM_CHAT_ID: '-1001', CHATBOT_CHATS: '5,-6' } }).chats,
    ).toEqual([5, -6]);
  });

  test('counts an empty variable as unset', () => {
    expect(loadConfig({ folder, env: { CHATBOT_ZONE: '' } }).zone).toBe('America/Sao_Paulo');
  });

  test.each([
    ['CHATBOT_ZONE', 'Sao Paulo', 'CHATBOT_ZONE is "Sao Paulo": is an IANA time zone'],
    ['CHATBOT_CHATS', 'everybody', 'CHATBOT_CHATS is ["everybody"]: is "any", "private" or a list'],
    ['CHATBOT_DAILY_RUN_HOUR', '24', 'CHATBOT_DAILY_RUN_HOUR is 24: '],
    ['CHATBOT_PROJECT', 'My Shop', 'CHATBOT_PROJECT is "My Shop": is 2 to 31 of'],
  ])('names %s, its value and what is allowed', (variable, value, message) => {
    expect(() => loadConfig({ folder, env: { [variable]: value } })).toThrow(message);
  });

  test('names every mistake in cdktf.json, and settings that do not exist', () => {
    context({ zone: 'Mars/Olympus', colour: 'red' });
    const load = (): unknown => loadConfig({ folder, env: {} });
    expect(load).toThrow(ConfigError);
    expect(load).toThrow('cdktf.json, context.chatbot.zone is "Mars/Olympus"');
    expect(load).toThrow('colour: no such setting; there are project, zone');
  });

  test('says which file is no JSON', () => {
    writeFileSync(join(folder, 'cdktf.json'), '{');
    expect(() => loadConfig({ folder, env: {} })).toThrow(/cdktf\.json cannot be read/);
  });
});
