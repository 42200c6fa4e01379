/** What Terraform or AWS says, and what that means for whom it is said to. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /ExpiredToken|RequestExpired|(token|session|credentials)[^.\n]* expired|has expired/i,
    'Your credentials for AWS have expired. Sign in again: aws sso login, or however you got them.',
  ],
  [
    /No valid credential sources|no EC2 IMDS role|failed to get shared config profile/i,
    'There are no credentials for AWS here. Sign in (aws sso login) and name the profile: ' +
      'AWS_PROFILE=… npm run plan -- --account. Without credentials: npm run plan',
  ],
  [
    /InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidAccessKeyId/,
    'AWS does not know these credentials. Check AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  ],
  [
    /AWS account ID not allowed/,
    'The credentials are of another account than the configuration (cdktf.json, ' +
      'context.chatbot.account, or CHATBOT_ACCOUNT). Change the one or the other.',
  ],
  [
    /BucketAlreadyExists/,
    'Somebody else in the world has a bucket of this name. Choose another project or stage ' +
      '(cdktf.json, context.chatbot.project): the names of buckets begin with it.',
  ],
  [
    /BucketAlreadyOwnedByYou/,
    'Your account has this bucket already, and the state does not know it: it is of another ' +
      'deployment, or outlived its own. Choose another stage, or take it over: terraform import',
  ],
  [
    /S3 bucket "[^"]*" does not exist|NoSuchBucket/,
    "The bucket of Terraform's state is not there. Make it (npm run bootstrap), or correct " +
      'stateBucket (cdktf.json, context.chatbot.stateBucket, or CHATBOT_STATE_BUCKET).',
  ],
  [
    /Error acquiring the state lock/,
    'Another deployment is under way. Wait for it; if it was killed: terraform force-unlock',
  ],
  [
    /Saved plan is stale/,
    'Something was deployed since this plan was made. Plan again: npm run plan -- --account',
  ],
  [
    /Failed to query available provider packages|Failed to install provider/,
    "Terraform's registry cannot be reached, and no mirror of the provider was found. Name one: " +
      'CHATBOT_TERRAFORM_MIRROR=<the folder that has registry.terraform.io/hashicorp/aws>',
  ],
  [
    /AccessDenied|is not authorized to perform|UnauthorizedOperation/,
    'The credentials lack a right; it is named below.',
  ],
];

/** What to do about a failure of Terraform; null when its own words must do. */
function adviceOn(message: string): string | null {
  return ADVICE.find(([pattern]) => pattern.test(message))?.[1] ?? null;
}

/** A failure for people: what to do, where that is known, and then what Terraform says is wrong. */
export function failureText(message: string): string {
  const [first = '', ...rest] = message.split('\n');
  // Before its error Terraform tells at length what it would have done.
  const error = rest.findIndex((line) => line.startsWith('Error:'));
  const words = [first, ...(error === -1 ? rest : rest.slice(error))].join('\n').trim();
  const advice = adviceOn(message);
  return advice === null ? `${words}\n` : `${advice}\n\n${words}\n`;
}
