import { costsText } from './costs.ts';
import { type Difference, arrow, differences } from './differences.ts';
import { type SizeOf, functionCodeText } from './functionCode.ts';
import { type Loss, judgeLosses, lossesOf } from './guard.ts';
import {
  type Kind,
  type Plan,
  type ResourceChange,
  asObject,
  expressionsOf,
  kindOf,
  parsePlan,
} from './plan.ts';
import { POLICY, changedRights } from './rights.ts';
import { rightsText } from './rightsText.ts';
import { code, plain, shown } from './text.ts';
import { weakerText } from './weaker.ts';

/** What a summary may be told besides the plan. */
export interface SummaryOptions {
  /** What the plan is of, for the heading. */
  readonly title?: string;
  /** Addresses that may be deleted or replaced. */
  readonly allowed?: readonly string[];
  /** See {@link SizeOf}. */
  readonly sizeOf?: SizeOf;
}

const TO_DO = {
  create: 'to add',
  update: 'to change',
  replace: 'to replace',
  delete: 'to delete',
  forget: 'to leave alone',
} as const;

/** Attributes that name a resource, from the one that says most. */
const NAMES = [
  'name',
  'bucket',
  'function_name',
  'alarm_name',
  'dashboard_name',
  'statement_id',
  'path_part',
  'endpoint',
];

const SIGNS: Readonly<Record<Kind, string>> = {
  create: '+',
  delete: '−',
  forget: '⊘',
  none: ' ',
  read: '⇐',
  replace: '±',
  update: '~',
};

const LONGEST_PURPOSE = 120;

function nameOf({ change }: ResourceChange): string {
  const values = asObject(change.after ?? change.before);
  const sensitive = asObject(
    change.after === null ? change.before_sensitive : change.after_sensitive,
  );
  const attribute = NAMES.find(
    (name) => typeof values[name] === 'string' && sensitive[name] !== true,
  );
  return attribute === undefined ? '' : ` ${shown(values[attribute])}`;
}

/** What it is for, by its description or tag. */
function purposeOf({ change }: ResourceChange): string {
  const values = asObject(change.after ?? change.before);
  const text =
    values['description'] ?? values['alarm_description'] ?? asObject(values['tags'])['purpose'];
  if (typeof text !== 'string' || text === '') return '';
  const isLong = text.length > LONGEST_PURPOSE;
  return `: ${plain(isLong ? `${text.slice(0, LONGEST_PURPOSE)}…` : text)}`;
}

/** The attributes that somebody changes, without those that only follow. */
function telling(plan: Plan, { address, change }: ResourceChange): Difference[] {
  const all = differences(change);
  const configured = expressionsOf(plan, address);
  const isTagged = all.some(({ path }) => /^tags(\.|$)/.test(path));
  return all.filter(({ path, isUnknown }) => {
    const [attribute = ''] = path.split(/[.[]/);
    if (attribute === 'tags_all') return !isTagged;
    return !isUnknown || attribute in configured;
  });
}

/** One attribute's change; who may do what is said elsewhere. */
function changeOf(difference: Difference): string {
  const { path } = difference;
  return POLICY.test(path) ? `${path} (see Rights)` : `${path} ${arrow(difference)}`;
}

function line(plan: Plan, resource: ResourceChange): string {
  const { address, previous_address: previous, change } = resource;
  const kind = kindOf(change);
  const head = `- ${code(SIGNS[kind])} ${code(address)}${nameOf(resource)}`;
  const moved =
    previous === undefined || previous === address ? '' : ` (moved from ${code(previous)})`;
  const imported = change.importing ? ' (imported)' : '';
  if (kind !== 'update' && kind !== 'replace')
    return `${head}${moved}${imported}${purposeOf(resource)}`;
  const paths = (change.replace_paths ?? []).map((path) => path.join('.'));
  const isForcing = ({ path }: Difference): boolean =>
    paths.some(
      (from) => path === from || [`${from}.`, `${from}[`].some((part) => path.startsWith(part)),
    );
  const changed = telling(plan, resource)
    // What forces the replacement comes first.
    .sort((a, b) => Number(isForcing(b)) - Number(isForcing(a)))
    .map((difference) => {
      const why = isForcing(difference) ? ' **forces replacement**' : '';
      return `${changeOf(difference)}${why}`;
    });
  return `${head}${moved}${imported}: ${changed.join('; ') || 'nothing that is configured here'}`;
}

function section(title: string, body: string): string[] {
  return body === '' ? [] : [`### ${title}`, body];
}

/** Lists longer than this are folded: a first deployment adds everything. */
const LONGEST_LIST = 20;

function folded(title: string, list: string): string {
  const count = list.split('\n').length;
  if (count <= LONGEST_LIST) return list;
  return `<details><summary>${count} ${title}</summary>\n\n${list}\n\n</details>`;
}

function listed(plan: Plan, changes: readonly ResourceChange[]): string {
  return changes.map((each) => line(plan, each)).join('\n');
}

const HOW: Readonly<Record<Loss['how'], string>> = {
  delete: 'is deleted',
  overwrite: 'is overwritten',
  replace: 'is deleted and made anew',
};

/** What is lost, loud. */
function warning(plan: Plan, allowed: readonly string[]): string {
  const losses = lossesOf(plan);
  if (losses.length === 0) return '';
  const { unexpected } = judgeLosses(plan, allowed);
  return [
    '> [!CAUTION]',
    ...losses.map((loss) => {
      const isUnexpected = unexpected.some(({ address }) => address === loss.address);
      const verdict = isUnexpected ? '⛔ not expected' : 'expected';
      return `> **${code(loss.address)} ${HOW[loss.how]}**, and with it ${loss.what} (${verdict})  `;
    }),
    ...(unexpected.length === 0
      ? []
      : [
          '>',
          `> If that is meant: ${code(`npm run plan -- ${unexpected.map(({ address }) => `--allow-delete ${address}`).join(' ')}`)}`,
        ]),
  ].join('\n');
}

/** Drift that matters: what the configuration sets, or what has gone. */
function drift(plan: Plan): string {
  return plan.resource_drift
    .flatMap((resource) => {
      const { address, change } = resource;
      if (kindOf(change) === 'delete')
        return [`- ${code(address)}${nameOf(resource)}: is no longer there`];
      const configured = expressionsOf(plan, address);
      const changed = differences(change).filter(
        ({ path }) => (path.split(/[.[]/)[0] ?? '') in configured,
      );
      if (changed.length === 0) return [];
      return [`- ${code(address)}: ${changed.map(changeOf).join('; ')}`];
    })
    .join('\n');
}

function outputs(plan: Plan): string {
  return Object.entries(plan.output_changes)
    .filter(([, change]) => kindOf(change) !== 'none')
    .map(([name, change]) => {
      const [difference] = differences({
        ...change,
        before: { [name]: change.before },
        after: { [name]: change.after },
        after_unknown: { [name]: change.after_unknown },
        before_sensitive: { [name]: change.before_sensitive },
        after_sensitive: { [name]: change.after_sensitive },
      });
      const { before = '', after = '' } = difference ?? {};
      const text = change.before === null ? after : arrow({ before, after });
      return `- ${code(SIGNS[kindOf(change)])} ${name}: ${text}`;
    })
    .join('\n');
}

function headline(count: (kind: Kind) => number, hasOutputs: boolean): string {
  const kinds = ['create', 'update', 'replace', 'delete', 'forget'] as const;
  if (kinds.every((kind) => count(kind) === 0)) {
    return hasOutputs ? 'only outputs change' : 'nothing changes';
  }
  return kinds
    .filter((kind) => kind !== 'forget' || count(kind) > 0)
    .map((kind) => `${count(kind)} ${TO_DO[kind]}`)
    .join(', ');
}

/**
 * A plan for its reviewer, in Markdown: what is lost first, then each change in one line, who may do
 * what, what changes the bill, and how large the code is. Sensitive values are not in it.
 *
 * @param json a plan, as `terraform show -json` gives it
 * @throws ZodError when it is none
 */
export function summarizePlan(json: unknown, options: SummaryOptions = {}): string {
  const plan = parsePlan(json);
  const { title = 'the stack', allowed = [], sizeOf = () => undefined } = options;
  const managed = plan.resource_changes.filter(({ mode }) => mode === 'managed');
  const of = (kind: Kind): ResourceChange[] =>
    managed.filter(({ change }) => kindOf(change) === kind);
  const moved = of('none').filter(
    ({ address, previous_address: previous }) => previous !== undefined && previous !== address,
  );
  const changedOutputs = outputs(plan);
  return [
    `## Plan of ${title}: ${headline((kind) => of(kind).length, changedOutputs !== '')}`,
    ...(plan.errored
      ? ['> [!WARNING]\n> Planning failed half way: there may be more than this.']
      : []),
    warning(plan, allowed),
    ...section('⚠️ Less protected', weakerText(plan)),
    ...section('Replaced', listed(plan, of('replace'))),
    ...section('Deleted', listed(plan, of('delete'))),
    ...section('Left alone: there, and no longer managed', listed(plan, of('forget'))),
    ...section('Rights', rightsText(changedRights(plan))),
    ...section('Cost', costsText(plan)),
    ...section('Function code', functionCodeText(plan, sizeOf)),
    ...section('Changed', listed(plan, of('update'))),
    ...section('Added', folded('resources', listed(plan, of('create')))),
    ...section('Moved', listed(plan, moved)),
    ...section('Changed by others since the last deployment', drift(plan)),
    ...section('Outputs', changedOutputs),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}
