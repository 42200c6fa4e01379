/**
 * Puts the plan's summary, `cdktf.out/plan.md`, under a pull request, as one comment that is kept up to
 * date: `npm run plan:comment`. It reads what GitHub's workflows set (GITHUB_REPOSITORY,
 * GITHUB_API_URL), and GITHUB_TOKEN, PULL_REQUEST, RUN_URL and CHATBOT_STAGE.
 */
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import * as z from 'zod';

import { putComment } from './plan/comment.ts';

const SUMMARY = fileURLToPath(new URL('../cdktf.out/plan.md', import.meta.url));

const envSchema = z.object({
  GITHUB_API_URL: z.url().default('https://api.github.com'),
  GITHUB_REPOSITORY: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'is owner/name'),
  GITHUB_TOKEN: z.string('is a token that may write comments').min(1),
  PULL_REQUEST: z.coerce.number('is the number of a pull request').int().min(1),
  RUN_URL: z.url().optional(),
  CHATBOT_STAGE: z.string().default(''),
});

/** The summary; where there is none, that there is none. */
async function summary(): Promise<string> {
  try {
    return await readFile(SUMMARY, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return '## There is no plan: it failed\n';
  }
}

const env = envSchema.safeParse(process.env);
if (env.success) {
  const { data } = env;
  const place = {
    api: data.GITHUB_API_URL,
    repository: data.GITHUB_REPOSITORY,
    number: data.PULL_REQUEST,
    token: data.GITHUB_TOKEN,
  };
  const link = data.RUN_URL === undefined ? '' : `\n[The run](${data.RUN_URL})\n`;
  await putComment(place, data.CHATBOT_STAGE, `${await summary()}${link}`);
} else {
  process.stderr.write(`${z.prettifyError(env.error)}\n`);
  process.exitCode = 1;
}
