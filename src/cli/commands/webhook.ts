import { randomBytes } from 'node:crypto';

import { SSMClient } from '@aws-sdk/client-ssm';
import type { WebhookInfo } from '@grammyjs/types';

import { clientSettings } from '../../aws/clientSettings.ts';
import { explainAwsError } from '../../aws/explain.ts';
import { type Parameters, ssmParameters } from '../../aws/parameters.ts';
import {
  SecretNotSetError,
  type WebhookSecret,
  parseWebhookSecret,
} from '../../aws/webhookSecret.ts';
import { type ParameterNames, UNSET, parameterNames } from '../../config/parameters.ts';
import { ALLOWED_UPDATES, BotApi } from '../../telegram/botApi.ts';
import { BotApiError } from '../../telegram/errors.ts';
import type { CommandContext } from '../context.ts';
import { UsageError } from '../errors.ts';
import { readToken } from '../readToken.ts';
import { checkUrl, webhookUrlIn } from '../webhookUrl.ts';

export interface WebhookOptions {
  readonly json?: boolean;
}

export interface WebhookSetOptions extends WebhookOptions {
  readonly url?: string;
  readonly outputs?: string;
  readonly dropPending?: boolean;
  readonly newToken?: boolean;
}

export interface WebhookDeleteOptions extends WebhookOptions {
  readonly dropPending?: boolean;
}

/**
 * Requests that Telegram makes at a time. A new AWS account runs 10 functions at once, and more would
 * be refused and sent again; 10 of them take more than 100 updates a second.
 */
const MAX_CONNECTIONS = 10;

/** What the commands work with: a stage's parameters and the Bot API. */
interface Stage {
  readonly names: ParameterNames;
  readonly parameters: Parameters;
  readonly api: (token: string) => BotApi;
}

function stageOf({ config, environment }: CommandContext): Stage {
  const { region } = config;
  const { get, put } = ssmParameters(new SSMClient({ region, ...clientSettings(10_000) }));
  const explained = async <T>(what: string, call: Promise<T>): Promise<T> => {
    try {
      return await call;
    } catch (error) {
      throw explainAwsError(error, what, region);
    }
  };
  return {
    names: parameterNames(config),
    parameters: {
      get: (name) => explained(`read the parameter ${name}`, get(name)),
      put: (name, value) => explained(`write the parameter ${name}`, put(name, value)),
    },
    api: (token) => {
      try {
        return new BotApi({ token, baseUrl: environment.telegramApi ?? undefined });
      } catch (error) {
        throw new UsageError((error as Error).message);
      }
    },
  };
}

/** What Telegram's refusals of a token mean; others come back as they are. */
function explainRefusal(error: unknown): unknown {
  // Telegram says 404 of a token that has not the form of one.
  if (!(error instanceof BotApiError) || ![401, 404].includes(error.errorCode)) return error;
  return new Error(
    `Telegram does not know this token (${error.errorCode} ${error.description}). Take the bot's from @BotFather (/mybots, API Token), then: chatbot webhook set --new-token`,
    { cause: error },
  );
}

async function call<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    throw explainRefusal(error);
  }
}

/** The token that the environment names, or else the one that was set. */
async function knownToken(context: CommandContext, { names, parameters }: Stage): Promise<string> {
  const token = context.environment.botToken ?? (await parameters.get(names.token));
  if (token !== null) return token;
  throw new Error(`No bot token is set in ${names.token}. Run: chatbot webhook set`);
}

/** The secret that was set; null where there is none, or none that can be used. */
async function knownSecret({ names, parameters }: Stage): Promise<WebhookSecret | null> {
  const value = await parameters.get(names.secret);
  try {
    return parseWebhookSecret(names.secret, value);
  } catch (error) {
    if (error instanceof SecretNotSetError) return null;
    throw error;
  }
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * Tells Telegram a URL and the current secret, and asks it what it has understood. When it confirms,
 * the secret before counts no more; until then both let requests in.
 */
async function tellTelegram(
  { names, parameters }: Stage,
  api: BotApi,
  told: { readonly url: string; readonly secret: WebhookSecret; readonly dropPending: boolean },
): Promise<WebhookInfo> {
  const { url, secret, dropPending } = told;
  await parameters.put(names.secret, JSON.stringify(secret));
  try {
    await api.call('setWebhook', {
      url,
      secret_token: secret.current,
      allowed_updates: ALLOWED_UPDATES,
      max_connections: MAX_CONNECTIONS,
      drop_pending_updates: dropPending,
    });
  } catch (error) {
    if (!(error instanceof BotApiError) || error.errorCode !== 400) throw explainRefusal(error);
    throw new Error(
      `Telegram does not take ${url} (${error.description}). Compare it with the stack's output; after a first deploy, wait a minute.`,
      { cause: error },
    );
  }
  const info = await api.getWebhookInfo();
  if (info.url !== url) {
    throw new Error(
      `Telegram says that its webhook is "${info.url ?? ''}" and not ${url}: something else has set it meanwhile. Find out what uses this bot's token, then run this again.`,
    );
  }
  const { previous, ...confirmed } = secret;
  if (previous !== undefined) await parameters.put(names.secret, JSON.stringify(confirmed));
  return info;
}

/** `chatbot webhook set`: fills the parameters and tells Telegram where to send updates. */
export async function webhookSet(
  context: CommandContext,
  options: WebhookSetOptions,
): Promise<void> {
  const { config, environment, output, signal } = context;
  const { url: given, outputs, dropPending = false } = options;
  if ((given === undefined) === (outputs === undefined)) {
    throw new UsageError(
      "Say where Telegram finds the webhook: --url with the stack's output, or --outputs with the file that cdktf deploy --outputs-file wrote.",
    );
  }
  const stage = stageOf(context);
  const { names, parameters } = stage;
  const url = given ?? (await webhookUrlIn(outputs ?? '', `${config.project}-${config.stage}`));
  await checkUrl(url, signal);

  const kept = await knownSecret(stage);
  const stored = await parameters.get(names.token);
  const token =
    (options.newToken ? null : (environment.botToken ?? stored)) ??
    (await readToken(context.input, output, signal));
  const api = stage.api(token);
  const { id, username } = await call(api.getMe({ signal }));
  if (token !== stored) await parameters.put(names.token, token);
  const secret = { ...(kept ?? { current: newSecret() }), bot: { id, username } };
  const info = await tellTelegram(stage, api, { url, secret, dropPending });
  if (options.json) {
    output.print(JSON.stringify({ url, bot: { id, username }, ...pendingOf(info) }));
    return;
  }
  output.print(`Telegram sends what is written to @${username} to ${url}.`);
  output.print(
    info.pending_update_count > 0
      ? `${info.pending_update_count} updates are waiting; they come now.`
      : `Write to https://t.me/${username}, then: chatbot webhook info`,
  );
}

function pendingOf(info: WebhookInfo) {
  return { pending: info.pending_update_count };
}

/** What Telegram says of its last failure, in words; null when it says nothing. */
function lastError(info: WebhookInfo, zone: string): string | null {
  const { last_error_date: date, last_error_message: message } = info;
  if (date === undefined) return null;
  const time = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(date * 1_000);
  return `${time} ${zone}: ${message ?? 'no reason given'}`;
}

/** What to do about a failure that Telegram tells of; null where its words say it. */
function remedyOf(message: string): string | null {
  if (/401|unauthorized/i.test(message)) {
    return 'The webhook refused the secret. Tell Telegram another one: chatbot webhook rotate';
  }
  if (/403|forbidden/i.test(message)) {
    return 'The API refused the address. Its resource policy is the setting networks; a change needs a deploy.';
  }
  if (/50\d|unavailable|gateway/i.test(message)) {
    return "The function failed, and Telegram sends the update again. Look into the webhook's log.";
  }
  if (/resolve|connect|timed? ?out|certificate|ssl/i.test(message)) {
    return "Telegram could not reach the URL. Compare it with the stack's output: chatbot webhook set";
  }
  return null;
}

/** `chatbot webhook info`: how the webhook fares, in words. */
export async function webhookInfo(context: CommandContext, options: WebhookOptions): Promise<void> {
  const { config, output, signal } = context;
  const stage = stageOf(context);
  const api = stage.api(await knownToken(context, stage));
  const { username } = await call(api.getMe({ signal }));
  const info = await call(api.getWebhookInfo({ signal }));
  const secret = await knownSecret(stage);
  const url = info.url ?? '';
  const missing = ALLOWED_UPDATES.filter(
    (type) => !info.allowed_updates?.some((each) => each === type),
  );
  if (options.json) {
    output.print(JSON.stringify({ username, ...info, secretIsSet: secret !== null }));
    return;
  }
  if (url === '') {
    output.print(`@${username} has no webhook. Run: chatbot webhook set`);
    return;
  }
  output.print(`@${username} sends to ${url}`);
  output.print(`${info.pending_update_count} updates are waiting.`);
  if (secret === null) {
    output.print(
      `No secret is set in ${stage.names.secret}, so every request is refused. Run: chatbot webhook set`,
    );
  } else if (secret.previous !== undefined) {
    output.print('A change of the secret was not finished. Run: chatbot webhook rotate');
  }
  if (missing.length > 0) {
    output.print(`Not sent: ${missing.join(', ')}. To have them sent, run: chatbot webhook set`);
  }
  const failure = lastError(info, config.zone);
  if (failure === null) output.print('No delivery has failed.');
  else {
    output.print(`The last delivery that failed: ${failure}`);
    const remedy = remedyOf(info.last_error_message ?? '');
    if (remedy !== null) output.print(remedy);
  }
}

/** `chatbot webhook rotate`: another secret, without losing an update. */
export async function webhookRotate(
  context: CommandContext,
  options: WebhookOptions,
): Promise<void> {
  const { output, signal } = context;
  const stage = stageOf(context);
  const api = stage.api(await knownToken(context, stage));
  const kept = await knownSecret(stage);
  const { url = '' } = await call(api.getWebhookInfo({ signal }));
  if (kept === null || url === '') {
    throw new Error('There is no webhook whose secret could change. Run: chatbot webhook set');
  }
  const secret =
    // A change that was not finished goes on: Telegram may know either of the two.
    kept.previous === undefined ? { ...kept, current: newSecret(), previous: kept.current } : kept;
  await tellTelegram(stage, api, { url, secret, dropPending: false });
  output.print(
    options.json
      ? JSON.stringify({ url, rotated: true })
      : 'Telegram uses the new secret; the one before counts no more.',
  );
}

/** `chatbot webhook delete`: Telegram sends nothing any more, and secret and token are forgotten. */
export async function webhookDelete(
  context: CommandContext,
  options: WebhookDeleteOptions,
): Promise<void> {
  const { output } = context;
  const stage = stageOf(context);
  const { names, parameters } = stage;
  const api = stage.api(await knownToken(context, stage));
  await call(api.call('deleteWebhook', { drop_pending_updates: options.dropPending ?? false }));
  for (const name of [names.secret, names.token]) await parameters.put(name, UNSET);
  output.print(
    options.json
      ? JSON.stringify({ deleted: true })
      : 'Telegram sends nothing any more; secret and token are forgotten. Updates wait there for 24 hours.',
  );
}
