import { type FunctionConfig, functionConfigSchema } from '../config/functionConfig.ts';

/** Environment variables by name. */
type Variables = Readonly<Record<string, string | undefined>>;

/** What a Lambda function finds in its environment. No secret is in it. */
export interface FunctionEnvironment {
  readonly config: FunctionConfig;
  readonly rawBucket: string;
  readonly enrichedBucket: string;
}

/** The environment is not what the stack gives a function; the message names the variable. */
class FunctionEnvironmentError extends Error {
  override readonly name = 'FunctionEnvironmentError';
}

/** @throws FunctionEnvironmentError when the variable is missing or empty */
export function requireVariable(env: Variables, name: string): string {
  const value = env[name] ?? '';
  if (value !== '') return value;
  throw new FunctionEnvironmentError(
    `The variable ${name} is not set. The stack sets it: deploy it again.`,
  );
}

function readConfig(text: string): FunctionConfig {
  try {
    return functionConfigSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new FunctionEnvironmentError(
      `The variable CHATBOT_CONFIG is wrong. The stack sets it: deploy it again. ${(error as Error).message}`,
      { cause: error },
    );
  }
}

/**
 * Reads what every function is given.
 *
 * @param env for instance `process.env`
 * @throws FunctionEnvironmentError
 */
export function readFunctionEnvironment(env: Variables): FunctionEnvironment {
  return {
    config: readConfig(requireVariable(env, 'CHATBOT_CONFIG')),
    rawBucket: requireVariable(env, 'CHATBOT_RAW_BUCKET'),
    enrichedBucket: requireVariable(env, 'CHATBOT_ENRICHED_BUCKET'),
  };
}
