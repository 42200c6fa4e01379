import * as z from 'zod';

/** Where a comment goes. */
export interface Place {
  /** GitHub's API, usually `https://api.github.com`. */
  readonly api: string;
  /** For instance `acme/shop-bot`. */
  readonly repository: string;
  /** Number of the pull request. */
  readonly number: number;
  readonly token: string;
}

/** GitHub takes no longer ones. */
const LONGEST = 65_536;

const PAGE = 100;

const commentsSchema = z.array(
  z.object({
    id: z.int(),
    body: z.string().nullish(),
    user: z.object({ type: z.string() }).nullish(),
  }),
);

/** @throws Error with what GitHub answered, when it refuses */
async function call(
  { api, token }: Place,
  path: string,
  request: { readonly method: 'GET' | 'PATCH' | 'POST'; readonly body?: object },
): Promise<unknown> {
  const response = await fetch(`${api}/${path}`, {
    method: request.method,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'x-github-api-version': '2022-11-28',
    },
    ...(request.body && { body: JSON.stringify(request.body) }),
  });
  if (!response.ok) {
    throw new Error(
      `GitHub answers ${response.status} to ${request.method} ${path}: ${await response.text()}`,
    );
  }
  return response.json();
}

/** Number of the workflow's own comment that begins with a mark; null when there is none yet. */
async function findComment(place: Place, mark: string): Promise<number | null> {
  for (let page = 1; ; page += 1) {
    const path = `repos/${place.repository}/issues/${place.number}/comments?per_page=${PAGE}&page=${page}`;
    const comments = commentsSchema.parse(await call(place, path, { method: 'GET' }));
    const own = comments.find(
      // Somebody may quote ours.
      ({ body, user }) => user?.type === 'Bot' && body?.startsWith(mark) === true,
    );
    if (own) return own.id;
    if (comments.length < PAGE) return null;
  }
}

/**
 * Puts a text under a pull request, in the place of the one that was put there before: however often
 * a branch is pushed, there is one comment.
 *
 * @param name tells comments apart, for instance a stage's
 */
export async function putComment(place: Place, name: string, text: string): Promise<void> {
  const mark = `<!-- plan of ${name.replaceAll(/[^\w-]/g, '')} -->`;
  const more = '\n\n… and more: see the summary of the run.';
  const whole = `${mark}\n${text}`;
  const body = whole.length <= LONGEST ? whole : `${whole.slice(0, LONGEST - more.length)}${more}`;
  const id = await findComment(place, mark);
  const issues = `repos/${place.repository}/issues`;
  await (id === null
    ? call(place, `${issues}/${place.number}/comments`, { method: 'POST', body: { body } })
    : call(place, `${issues}/comments/${id}`, { method: 'PATCH', body: { body } }));
}
