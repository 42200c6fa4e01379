/**
 * Starts MiniStack as the tests do, with signatures and policies enforced and over TLS, and prints the
 * variables by which a shell finds it: `npm run emulator`. It keeps everything in memory, and ends with
 * the program.
 */
import { once } from 'node:events';
import process from 'node:process';

import { describeEmulator, environmentOf } from '../localstack/emulator.ts';
import { findLambdaNode } from '../localstack/lambdaNode.ts';
import { startMiniStack } from '../localstack/miniStack.ts';
import { HOW_TO_GET_PYTHON, findPython } from '../localstack/python.ts';
import { findTerraform } from '../localstack/terraform.ts';

/** Where the stand-in for the Bot API is, for the functions, too; Telegram's own without it. */
const BOT_API = 'CHATBOT_TELEGRAM_API';

async function main(): Promise<void> {
  const python = findPython('ministack');
  if (python === null) throw new Error(`MiniStack is not here. To get it: ${HOW_TO_GET_PYTHON}`);
  const { TF_CLI_CONFIG_FILE: cliConfig = '' } = findTerraform().env;
  const botApi = process.env[BOT_API];
  const emulator = await startMiniStack(python, {
    enforce: true,
    ...(botApi !== undefined && { functionEnv: { [BOT_API]: botApi } }),
  });
  const variables = {
    ...environmentOf(emulator),
    // Calls come from this machine, and not from Telegram's networks.
    CHATBOT_NETWORKS: '127.0.0.1/32',
    ...(cliConfig !== '' && { TF_CLI_CONFIG_FILE: cliConfig }),
    ...(botApi !== undefined && { [BOT_API]: botApi }),
  };
  process.stdout.write(
    [
      `${describeEmulator(emulator)} Functions run on Node ${findLambdaNode().version}.`,
      'In another shell:',
      '',
      ...Object.entries(variables).map(([name, value]) => `export ${name}=${value}`),
      '',
      'Ctrl+C ends it, and all that is in it is gone.',
      '',
    ].join('\n'),
  );
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await emulator.stop();
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
