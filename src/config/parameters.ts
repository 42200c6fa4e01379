/**
 * The secrets' places in SSM Parameter Store. Terraform makes the parameters as SecureStrings that
 * hold {@link UNSET}, and never sees a value; `chatbot webhook set` fills them.
 */

/** What a parameter holds before it is filled. */
export const UNSET = 'unset';

/** Names of a stage's parameters. */
export interface ParameterNames {
  /** `{"current": …, "previous"?: …, "bot"?: {id, username}}`, see src/aws/webhookSecret.ts. */
  readonly secret: string;
  /** The bot's token. */
  readonly token: string;
}

/** Where the secrets of a stage lie. */
export function parameterNames(stack: {
  readonly project: string;
  readonly stage: string;
}): ParameterNames {
  const folder = `/${stack.project}/${stack.stage}`;
  return { secret: `${folder}/webhook-secret`, token: `${folder}/bot-token` };
}
