import type { UserFromGetMe, WebhookInfo } from '@grammyjs/types';
import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import { BotApiError, BotApiUnreachableError } from './errors.ts';
import { type Fields, integer, object, string } from './fields.ts';
import { UPDATE_TYPES } from './updateTypes.ts';

/**
 * What to ask for in `setWebhook` and `getUpdates`: everything. Named one by one, because Telegram
 * sends `message_reaction`, `message_reaction_count` and `chat_member` only when they are named.
 */
export const ALLOWED_UPDATES = UPDATE_TYPES;

/** How a client reaches the Bot API. */
export interface BotApiOptions {
  readonly token: string;
  /** Another Bot API server than Telegram's. */
  readonly baseUrl?: string | undefined;
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** How long a call may take. */
export interface CallOptions {
  /** Aborts the call, which then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the call fails; 10 s unless told. */
  readonly timeoutMs?: number | undefined;
}

/** What to ask `getUpdates` for. */
export interface GetUpdatesOptions {
  /** Number of the first update wanted; it confirms all before it. */
  readonly offset?: number | undefined;
  /** Seconds that Telegram holds the call open while there is no update. */
  readonly timeout?: number | undefined;
  readonly allowedUpdates?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A file to send. */
export interface Document {
  readonly chatId: number;
  /** Stands under it, as plain text: up to 1024 UTF-16 code units. */
  readonly caption: string;
  readonly fileName: string;
  /** For instance `text/html`. */
  readonly type: string;
  /** Up to 50 MB. */
  readonly content: Uint8Array<ArrayBuffer>;
  /** Topic of a forum. */
  readonly messageThreadId?: number | undefined;
}

const TIMEOUT_MS = 10_000;

/** Milliseconds for a call that carries a file. */
const UPLOAD_TIMEOUT_MS = 60_000;

/** What fails before a request is sent: name, connection, certificate. */
const BEFORE_SENDING =
  /^(E(CONNREFUSED|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN)|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+|ERR_TLS_\w+)$/;

/** What the Bot API answered: as text, and parsed. */
interface Answered {
  readonly text: string;
  readonly result: unknown;
}

/** A small client of the Bot API. Its token shows in nothing that it throws or prints. */
export class BotApi {
  readonly #token: string;
  readonly #baseUrl: string;
  readonly #fetch: typeof globalThis.fetch;

  constructor({ token, baseUrl, fetch }: BotApiOptions) {
    if (!/^\d+:[\w-]+$/.test(token)) {
      throw new Error(
        'This is no bot token: one looks like 123456789:AAF…, as BotFather gives it.',
      );
    }
    this.#token = token;
    this.#baseUrl = new URL(baseUrl ?? 'https://api.telegram.org').href.replace(/\/$/, '');
    this.#fetch = fetch ?? globalThis.fetch;
  }

  /** Who the bot is. */
  async getMe(options?: CallOptions): Promise<UserFromGetMe> {
    return (await this.call('getMe', {}, options)) as UserFromGetMe;
  }

  /** Whether a webhook is set, and how it fares. */
  async getWebhookInfo(options?: CallOptions): Promise<WebhookInfo> {
    return (await this.call('getWebhookInfo', {}, options)) as WebhookInfo;
  }

  /**
   * Waits for updates.
   *
   * @returns the JSON text of each, verbatim: cut out of the response, not parsed and written again
   */
  async getUpdates(options: GetUpdatesOptions = {}): Promise<string[]> {
    const { offset, timeout = 0, allowedUpdates = ALLOWED_UPDATES, signal } = options;
    const { text } = await this.#send(
      'getUpdates',
      { offset, timeout, allowed_updates: allowedUpdates },
      { signal, timeoutMs: timeout * 1_000 + TIMEOUT_MS },
    );
    const tree = parseTree(text);
    const updates = tree && findNodeAtLocation(tree, ['result'])?.children;
    return (updates ?? []).map((node) => text.slice(node.offset, node.offset + node.length));
  }

  /**
   * Calls a method of the Bot API once.
   *
   * @param params the method's parameters; undefined ones are left out
   * @returns the `result` of the answer
   * @throws BotApiError when Telegram refuses, BotApiUnreachableError when no answer comes
   */
  async call(method: string, params: Fields = {}, options?: CallOptions): Promise<unknown> {
    return (await this.#send(method, params, options)).result;
  }

  /**
   * Sends a file (`sendDocument`), once.
   *
   * @throws as `call`; `mayBeDone` tells whether it may have arrived all the same
   */
  async sendDocument(document: Document, options: CallOptions = {}): Promise<void> {
    const { chatId, caption, fileName, type, content, messageThreadId } = document;
    const form = new FormData();
    form.set('chat_id', String(chatId));
    if (messageThreadId !== undefined) form.set('message_thread_id', String(messageThreadId));
    // Line breaks travel as CR LF in a form; the Bot API drops the CR.
    form.set('caption', caption);
    form.set('document', new Blob([content], { type }), fileName);
    await this.#send('sendDocument', form, { timeoutMs: UPLOAD_TIMEOUT_MS, ...options });
  }

  async #send(
    method: string,
    params: Fields | FormData,
    options: CallOptions = {},
  ): Promise<Answered> {
    const { signal, timeoutMs = TIMEOUT_MS } = options;
    signal?.throwIfAborted();
    const late = AbortSignal.timeout(timeoutMs);
    let status: number;
    let text: string;
    try {
      const response = await this.#fetch(`${this.#baseUrl}/bot${this.#token}/${method}`, {
        method: 'POST',
        // A form says itself of what type it is, with the border between its parts.
        ...(params instanceof FormData
          ? { body: params }
          : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(params) }),
        // A redirect would take the token to another host.
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, late]) : late,
      });
      status = response.status;
      text = await response.text();
    } catch (error) {
      signal?.throwIfAborted();
      const reason = late.aborted ? `no answer within ${timeoutMs} ms` : networkReason(error);
      throw new BotApiUnreachableError(
        method,
        reason.replaceAll(this.#token, '<token>'),
        !BEFORE_SENDING.test(reason),
      );
    }
    const body = parseBody(text);
    if (body?.['ok'] === true) return { text, result: body['result'] };
    throw new BotApiError(
      method,
      integer(body?.['error_code']) ?? status,
      string(body?.['description']) ?? 'what answered is not the Bot API',
      integer(object(body?.['parameters'])?.['retry_after']),
      body?.['ok'] === false,
    );
  }
}

function parseBody(text: string): Fields | null {
  try {
    return object(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Why `fetch` failed, in a few words; the cause knows more than the error. */
function networkReason(error: unknown): string {
  const failure = object(error);
  const cause = object(failure?.['cause']);
  return (
    string(cause?.['code']) ??
    string(cause?.['message']) ??
    string(failure?.['message']) ??
    String(error)
  );
}
