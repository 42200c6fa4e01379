import * as z from 'zod';

/**
 * The webhook's secret as it lies in its parameter. While Telegram is told another one, the one
 * before counts too: updates that are under way carry it.
 */
const webhookSecretSchema = z.object({
  current: z.string().regex(/^[\w-]{1,256}$/),
  previous: z
    .string()
    .regex(/^[\w-]{1,256}$/)
    .optional(),
  /** Who the bot is, as Telegram says. */
  bot: z.object({ id: z.int(), username: z.string().min(1) }).optional(),
});

/** The webhook's secret, and the bot that it was set for. */
export type WebhookSecret = z.infer<typeof webhookSecretSchema>;

/** There is no usable secret in the parameter; the message says what to do. Nobody is let in. */
export class SecretNotSetError extends Error {
  override readonly name = 'SecretNotSetError';
}

/**
 * @param value of the parameter; null when it is as Terraform made it
 * @throws SecretNotSetError
 */
export function parseWebhookSecret(name: string, value: string | null): WebhookSecret {
  if (value === null) {
    throw new SecretNotSetError(`No webhook secret is set in ${name}. Run: chatbot webhook set`);
  }
  try {
    return webhookSecretSchema.parse(JSON.parse(value));
  } catch {
    // The cause would quote the secret.
    throw new SecretNotSetError(
      `What is in ${name} is no webhook secret. To set a new one, run: chatbot webhook set`,
    );
  }
}
