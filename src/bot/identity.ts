/** Who the bot is on Telegram: needed to see in a group that it is meant. */
export interface BotIdentity {
  readonly id: number;
  /** Without `@`. */
  readonly username: string;
}
