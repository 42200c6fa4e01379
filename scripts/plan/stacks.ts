import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as z from 'zod';

/** A synthesized stack. */
export interface Stack {
  /** For instance `chatbot-dev`. */
  readonly name: string;
  /** Where its `cdk.tf.json` and `assets/` are. */
  readonly folder: string;
}

const manifestSchema = z.object({
  stacks: z.record(z.string(), z.object({ name: z.string(), workingDirectory: z.string() })),
});

/**
 * The stack that was synthesized last. Folders of others, of an earlier synthesis, may lie beside it.
 *
 * @param output CDKTF's folder, usually `cdktf.out`
 * @throws Error when there is none
 */
export async function synthesizedStack(output: string): Promise<Stack> {
  const file = join(output, 'manifest.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new Error(`There is no ${file}. Make it first: npm run synth`, { cause });
  }
  const stacks = Object.values(manifestSchema.parse(JSON.parse(text)).stacks);
  const [stack] = stacks;
  if (!stack || stacks.length > 1) throw new Error(`${file} has ${stacks.length} stacks, not one.`);
  return { name: stack.name, folder: join(output, stack.workingDirectory) };
}
