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
      ingest: 'direct',
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
    ['CHATBOT_DAILY_RUN_HOUR', '24', 'CHATBOT_DAILY_RUN_HOUR is 24: is a whole hour from 0 to 23'],
    ['CHATBOT_DIGEST_HOUR', '24', 'CHATBOT_DIGEST_HOUR is 24: is a whole hour from 0 to 23'],
    ['CHATBOT_DIGEST_HOUR', '8', 'CHATBOT_DIGEST_HOUR is 8: needs ownerChat'],
    ['CHATBOT_DIGEST_HOUR', '1', 'CHATBOT_DIGEST_HOUR is 1: is later than dailyRunHour (1)'],
    ['CHATBOT_DAILY_RUN_HOUR', 'noon', 'CHATBOT_DAILY_RUN_HOUR is "noon": is a whole hour from 0'],
    ['CHATBOT_PROJECT', 'My Shop', 'CHATBOT_PROJECT is "My Shop": is 2 to 31 of'],
    ['CHATBOT_STAGE', 'production', 'CHATBOT_STAGE is "production": is 1 to 9 of a-z and 0-9'],
    ['CHATBOT_PROJECT', 'aws-shop', 'CHATBOT_PROJECT is "aws-shop": is a name that does not start'],
    ['CHATBOT_STAGE', 'bootstrap', 'CHATBOT_STAGE is "bootstrap": is any other name'],
    ['CHATBOT_REGION', 'cn-north-1', 'CHATBOT_REGION is "cn-north-1": is a region of AWS such as'],
    ['CHATBOT_SCHEDULE', 'rate(1 minutes)', 'CHATBOT_SCHEDULE is "rate(1 minutes)": is a schedule'],
    ['CHATBOT_SCHEDULE', 'cron(0 4 * *)', 'CHATBOT_SCHEDULE is "cron(0 4 * *)": is a schedule'],
    ['CHATBOT_ACCOUNT', '1234', 'CHATBOT_ACCOUNT is "1234": is 12 digits'],
    ['CHATBOT_REGION', 'Virginia', 'CHATBOT_REGION is "Virginia": is a region of AWS such as'],
    ['CHATBOT_LANGUAGE', 'es', 'CHATBOT_LANGUAGE is "es": is "pt" or "en"'],
    ['CHATBOT_STAFF_CHATS', '5,me', 'CHATBOT_STAFF_CHATS is "me": is the number of a chat'],
    ['CHATBOT_BOT_ID', 'me', 'CHATBOT_BOT_ID is "me": is a number'],
    [
      'CHATBOT_BOT_USERNAME',
      '@shop_bot',
      'CHATBOT_BOT_USERNAME is "@shop_bot": is the bot\'s name',
    ],
    ['CHATBOT_NETWORKS', '10.0.0.0/8, ::1/128', 'CHATBOT_NETWORKS is "::1/128": is a list of IPv4'],
    ['CHATBOT_ENRICHED_RETENTION_DAYS', '0', 'CHATBOT_ENRICHED_RETENTION_DAYS is 0: is 1 day or'],
    ['CHATBOT_LOG_RETENTION_DAYS', '366', 'CHATBOT_LOG_RETENTION_DAYS is 366: is one of 1, 3, 5'],
    ['CHATBOT_ENCRYPTION', 'none', 'CHATBOT_ENCRYPTION is "none": is "customer" or "s3"'],
    ['CHATBOT_ALARM_EMAIL', 'me', 'CHATBOT_ALARM_EMAIL is "me": is an e-mail address'],
    ['CHATBOT_SCHEDULE', 'hourly', 'CHATBOT_SCHEDULE is "hourly": is a schedule of EventBridge'],
    ['CHATBOT_STATE_BUCKET', 'S3', 'CHATBOT_STATE_BUCKET is "S3": is the name of a bucket'],
    ['CHATBOT_GITHUB_PROVIDER', 'no', 'CHATBOT_GITHUB_PROVIDER is "no": is "make" or "existing"'],
    ['CHATBOT_REPOSITORY', 'shop', 'CHATBOT_REPOSITORY is "shop": is a repository of GitHub'],
  ])('names %s, its value and what is allowed', (variable, value, message) => {
    expect(() => loadConfig({ folder, env: { [variable]: value } })).toThrow(message);
  });

  test('reads a list of networks, and the two parts of the bot over those of cdktf.json', () => {
    context({ bot: { id: 5, username: 'old_bot' } });
    const env = { CHATBOT_NETWORKS: '10.0.0.0/8, 127.0.0.1/32', CHATBOT_BOT_USERNAME: 'new_bot' };
    expect(loadConfig({ folder, env })).toMatchObject({
      networks: ['10.0.0.0/8', '127.0.0.1/32'],
      bot: { id: 5, username: 'new_bot' },
    });
  });

  test('says which part of a setting is missing, and which does not exist', () => {
    expect(() => loadConfig({ folder, env: { CHATBOT_BOT_ID: '5' } })).toThrow(
      'cdktf.json, context.chatbot.bot.username is missing: is a text',
    );
    context({ bot: { id: 5, username: 'shop_bot', token: 'x' } });
    expect(() => loadConfig({ folder, env: {} })).toThrow('bot.token: no such setting');
  });

  test('knows two ways to ingest, and the way back from one to the other', () => {
    const load = (ingest: string) => loadConfig({ folder, env: { CHATBOT_INGEST: ingest } });
    for (const ingest of ['direct', 'buffered', 'draining']) {
      expect(load(ingest)).toMatchObject({ ingest });
    }
    expect(() => load('queued')).toThrow(
      'CHATBOT_INGEST is "queued": is "direct", "buffered" or "draining"',
    );
  });

  test('wants the account in quotes: a number would lose its zeros', () => {
    context({ account: 12345678901 });
    expect(() => loadConfig({ folder, env: {} })).toThrow(
      'context.chatbot.account is 12345678901: is 12 digits, in quotes',
    );
  });

  test('names every mistake in cdktf.json, and settings that do not exist', () => {
    context({ zone: 'Mars/Olympus', colour: 'red' });
    const load = (): unknown => loadConfig({ folder, env: {} });
    expect(load).toThrow(ConfigError);
    expect(load).toThrow('cdktf.json, context.chatbot.zone is "Mars/Olympus"');
    expect(load).toThrow('colour: no such setting; there are project, stage');
  });

  test('says which file is no JSON', () => {
    writeFileSync(join(folder, 'cdktf.json'), '{');
    expect(() => loadConfig({ folder, env: {} })).toThrow(/cdktf\.json cannot be read/);
  });
});
