import { groupBy } from './groupBy.ts';
import type { Right } from './policies.ts';
import type { RightsChange } from './rights.ts';
import { code } from './text.ts';

/** What a right that came or went means to whom it is about. */
const VERBS = {
  gained: { Allow: 'may now', Deny: 'is now refused' },
  lost: { Allow: 'may no longer', Deny: 'is no longer refused' },
} as const;

/** One line of the summary. */
interface Line {
  readonly who: string;
  readonly verb: string;
  readonly actions: readonly string[];
  readonly on: readonly string[];
  readonly when: string;
  /** More than a reviewer expects: everything, or anybody. */
  readonly isWide: boolean;
}

/** Things that lie beside each other in `of`, joined where all else is equal. */
function merged<T>(of: readonly T[], key: (one: T) => string, join: (all: T[]) => T): T[] {
  return [...groupBy(of, key).values()].map(join);
}

function linesOf(rights: readonly Right[], verbs: (typeof VERBS)[keyof typeof VERBS]): Line[] {
  const single = rights.map((right): Line => {
    const { effect, who, action, on, when } = right;
    const isWide =
      effect === 'Allow' &&
      (on === '*' || /(^|:)\*$/.test(action) || (who === '**anyone**' && when === ''));
    return { who, verb: verbs[effect], actions: [action], on: [on], when, isWide };
  });
  const byResource = merged(
    single,
    (line) => JSON.stringify([line.who, line.verb, line.on, line.when]),
    (all) => ({
      ...(all[0] as Line),
      actions: all.flatMap(({ actions }) => actions).sort(),
      isWide: all.some(({ isWide }) => isWide),
    }),
  );
  return merged(
    byResource,
    (line) => JSON.stringify([line.who, line.verb, line.actions, line.when]),
    (all) => ({ ...(all[0] as Line), on: all.flatMap(({ on }) => on).sort() }),
  );
}

function sentence({ verb, actions, on, when, isWide }: Line): string {
  const list = (names: readonly string[]): string => names.map(name).join(', ');
  return `  - ${isWide ? '⚠️ ' : ''}${verb} ${list(actions)} on ${list(on)}${when === '' ? '' : `, if ${when}`}`;
}

function name(text: string): string {
  if (text === '*') return '**everything** (`*`)';
  return /^(all|everything) /.test(text) ? text : code(text);
}

/** Who may now do what on what, as a list by who; empty when no right changes. */
export function rightsText({ gained, lost, hidden }: RightsChange): string {
  const lines = [...linesOf(gained, VERBS.gained), ...linesOf(lost, VERBS.lost)];
  const byWho = groupBy(lines, ({ who }) => who);
  return [
    ...[...byWho]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([who, all]) => [`- ${who}`, ...all.map(sentence)].join('\n')),
    ...hidden.map((address) => `- ⚠️ ${code(address)}: its policy is known only after apply`),
  ].join('\n');
}
