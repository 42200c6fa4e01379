/**
 * How AWS clients wait, milliseconds: S3 and SSM answer within tens of them, and a function that
 * hangs is paid for. What fails is tried again by the client, and after that by who called.
 */
export const CLIENT_SETTINGS = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
} as const;
