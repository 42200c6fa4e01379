/** What the environment says beyond the configuration: where things are, and secrets. */
export interface Environment {
  /** Folder of both lakes (CHATBOT_DATA). */
  readonly dataFolder: string;
  /** Makes the own lake a real bot's (TELEGRAM_BOT_TOKEN). */
  readonly botToken: string | null;
  /** Another Bot API server, for instance one's own (CHATBOT_TELEGRAM_API). */
  readonly telegramApi: string | null;
  /** Errors come with where they were thrown (DEBUG). */
  readonly debug: boolean;
}

/** @param env for instance `process.env`; an empty variable counts as unset */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const value = (name: string) => {
    const text = env[name]?.trim() ?? '';
    return text === '' ? null : text;
  };
  return {
    dataFolder: value('CHATBOT_DATA') ?? 'data',
    botToken: value('TELEGRAM_BOT_TOKEN'),
    telegramApi: value('CHATBOT_TELEGRAM_API'),
    debug: value('DEBUG') !== null,
  };
}
