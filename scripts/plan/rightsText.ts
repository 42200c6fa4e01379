import { groupBy } from './groupBy.ts';
import { ANYONE, type Right } from './policies.ts';
import type { RightsChange } from './rights.ts';
import { code } from './text.ts';

/** What a right that came or went means to whom it is about. */
const VERBS = {
  gained: { Allow: 'may now', Deny: 'is now refused' },
  lost: { Allow: 'may no longer', Deny: 'is no longer refused' },
} as const;

/** Policies of AWS's own that let do all there is. */
const GENEROUS = /:iam::aws:policy\/.*(Administrator|PowerUser|FullAccess)/;

/** No condition at all, or one that every address meets. */
const UNBOUND = /^$|`(0\.0\.0\.0|::)\/0`/;

/** One line of the summary. */
interface Line {
  readonly who: string;
  readonly verb: string;
  readonly actions: readonly string[];
  readonly on: readonly string[];
  readonly when: string;
  /** More than a reviewer expects: everything, anybody, or a refusal that goes. */
  readonly isWide: boolean;
}

/** Lines that are equal but for one part, as one. */
function joined(
  lines: readonly Line[],
  part: 'actions' | 'on',
  keyOf: (line: Line) => readonly unknown[],
): Line[] {
  return [...groupBy(lines, (line) => JSON.stringify(keyOf(line))).values()].map((all) =>
    all.reduce((one, next) => ({
      ...one,
      [part]: [...one[part], ...next[part]].sort(),
      isWide: one.isWide || next.isWide,
    })),
  );
}

function linesOf(rights: readonly Right[], fate: keyof typeof VERBS): Line[] {
  const single = rights.map(({ effect, who, action, on, when }): Line => {
    const isAll =
      on === '*' ||
      GENEROUS.test(on) ||
      /(^|:)\*$/.test(action) ||
      (who === ANYONE && UNBOUND.test(when));
    const isWide = fate === 'gained' ? effect === 'Allow' && isAll : effect === 'Deny';
    return { who, verb: VERBS[fate][effect], actions: [action], on: [on], when, isWide };
  });
  const byResource = joined(single, 'actions', ({ who, verb, on, when }) => [who, verb, on, when]);
  return joined(byResource, 'on', ({ who, verb, actions, when }) => [who, verb, actions, when]);
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
export function rightsText({ gained, lost, hidden, unread }: RightsChange): string {
  const lines = [...linesOf(gained, 'gained'), ...linesOf(lost, 'lost')];
  const byWho = groupBy(lines, ({ who }) => who);
  return [
    ...[...byWho]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([who, all]) => [`- ${who}`, ...all.map(sentence)].join('\n')),
    ...hidden.map(
      (address) =>
        `- ⚠️ ${code(address)}: its policy is not shown: it is sensitive, or known only after apply`,
    ),
    ...unread.map(
      (address) => `- ⚠️ ${code(address)}: it changes who may do what, and is not spelled out here`,
    ),
  ].join('\n');
}
