import {
  DescribeParametersCommand,
  GetParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';

import { UNSET } from '../config/parameters.ts';

/** There is no such parameter: the stack makes it. */
class ParameterMissingError extends Error {
  override readonly name = 'ParameterMissingError';
}

/** SecureStrings of SSM Parameter Store. */
export interface Parameters {
  /**
   * The value; null while the parameter is as Terraform made it.
   *
   * @throws ParameterMissingError
   */
  readonly get: (name: string) => Promise<string | null>;
  /**
   * Fills a parameter that is there: its key, type and tags are the stack's.
   *
   * @throws ParameterMissingError
   */
  readonly put: (name: string, value: string) => Promise<void>;
}

function missing(name: string, cause?: unknown): ParameterMissingError {
  return new ParameterMissingError(
    `There is no parameter ${name} in this account and region. The stack makes it: deploy this stage first (npx cdktf deploy), or check project, stage, region and credentials.`,
    { cause },
  );
}

/** The client decides region, endpoint, credentials, timeouts and retries. */
export function ssmParameters(client: Pick<SSMClient, 'send'>): Parameters {
  const get = async (name: string): Promise<string | null> => {
    try {
      const { Parameter } = await client.send(
        new GetParameterCommand({ Name: name, WithDecryption: true }),
      );
      const value = Parameter?.Value ?? UNSET;
      return value === UNSET ? null : value;
    } catch (error) {
      if (error instanceof ParameterNotFound) throw missing(name, error);
      throw error;
    }
  };
  return {
    get,
    put: async (name, value) => {
      const { Parameters: found = [] } = await client.send(
        new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Name', Values: [name] }] }),
      );
      const [parameter] = found;
      if (!parameter) throw missing(name);
      const { Type, KeyId } = parameter;
      await client.send(
        // Without its key, a parameter would come to lie under the account's default one.
        new PutParameterCommand({ Name: name, Value: value, Overwrite: true, Type, KeyId }),
      );
    },
  };
}
