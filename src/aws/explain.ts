/** A call of AWS failed for a reason that the one who called can mend; the message says how. */
class AwsProblem extends Error {
  override readonly name = 'AwsProblem';
}

const SIGN_IN =
  'Sign in (aws sso login, or aws configure), or name credentials by AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.';

/** What AWS calls a problem, and what it means. */
const MEANINGS: Readonly<Record<string, string>> = {
  CredentialsProviderError: `There are no AWS credentials. ${SIGN_IN}`,
  ExpiredToken: `The AWS credentials have expired. ${SIGN_IN}`,
  ExpiredTokenException: `The AWS credentials have expired. ${SIGN_IN}`,
  RequestExpired: `The AWS credentials have expired, or this machine's clock is wrong. ${SIGN_IN}`,
  UnrecognizedClientException: `AWS does not know these credentials. ${SIGN_IN}`,
  InvalidClientTokenId: `AWS does not know these credentials. ${SIGN_IN}`,
  InvalidSignatureException: `AWS does not take these credentials: the secret key is not the access key's. ${SIGN_IN}`,
  AccessDeniedException: 'These AWS credentials may not do that.',
};

/** What AWS calls only a wrong request, by its words. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [
    /^workgroup\b.*\bnot found/i,
    'There is no such workgroup in this account and region. The stack makes it: deploy this stage first (npx cdktf deploy), or check project, stage, region and credentials.',
  ],
];

/** What goes wrong on the way to AWS, in an error's code, name or words. */
const NETWORK =
  /\b(ECONN\w+|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|TimeoutError)\b/;

/**
 * Says what an error of an AWS client means and what to do. Others come back as they are.
 *
 * @param what was wanted, for instance `read the parameter /chatbot/dev/bot-token`
 */
export function explainAwsError(error: unknown, what: string, region: string): unknown {
  const { name, code, message, errors } = error as {
    readonly name?: string;
    readonly code?: string;
    readonly message?: string;
    readonly errors?: readonly { readonly code?: string }[];
  };
  const meaning = MEANINGS[name ?? ''] ?? WORDS.find(([words]) => words.test(message ?? ''))?.[1];
  if (meaning !== undefined) {
    const words = name === 'AccessDeniedException' ? ` AWS says: ${message ?? ''}` : '';
    return new AwsProblem(`Could not ${what}. ${meaning}${words}`, { cause: error });
  }
  // Where a host has several addresses, the error holds one for each.
  const [reason] = NETWORK.exec([code, errors?.[0]?.code, name, message].join(' ')) ?? [];
  if (reason === undefined) return error;
  return new AwsProblem(
    `Could not ${what}: AWS in ${region} does not answer (${reason}). Check the network, the region and, if it is set, AWS_ENDPOINT_URL.`,
    { cause: error },
  );
}
