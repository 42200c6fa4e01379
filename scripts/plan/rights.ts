import { isMarked } from './differences.ts';
import {
  type Plan,
  type ResourceChange,
  asObject,
  expressionsOf,
  kindOf,
  templateOf,
} from './plan.ts';
import { type Right, isPolicy, rightsIn } from './policies.ts';
import { code } from './text.ts';

/** How the rights of a plan differ from those that are. */
export interface RightsChange {
  readonly gained: readonly Right[];
  readonly lost: readonly Right[];
  /** Addresses of policies that the plan does not show. */
  readonly hidden: readonly string[];
  /** Addresses of what gives rights in a way that this program does not read. */
  readonly unread: readonly string[];
}

type Side = 'after' | 'before';

/** Attributes that hold policies. */
export const POLICY = /(^|_)policy(_document)?$/;

/** Whom a policy is about that names nobody: the attribute, and what that one is. */
const SUBJECTS: Readonly<Record<string, readonly [attribute: string, called: string]>> = {
  aws_iam_group_policy: ['group', 'group'],
  aws_iam_policy: ['name', 'who holds the policy'],
  aws_iam_role_policy: ['role', 'role'],
  aws_iam_user_policy: ['user', 'user'],
};

/** What a policy can be attached to, by type. */
const ATTACHMENTS: Readonly<Record<string, string>> = {
  aws_iam_group_policy_attachment: 'group',
  aws_iam_role_policy_attachment: 'role',
  aws_iam_user_policy_attachment: 'user',
};

/** Types that give rights, or let somebody in. */
const GIVES_RIGHTS =
  /^aws_iam_|^aws_lakeformation_|_(acl|function_url|grant|permission|policy_association)$/;

/** Those of them that {@link rightsOf} reads, and those that give nothing by themselves. */
const READ = new Set([
  ...Object.keys(SUBJECTS),
  ...Object.keys(ATTACHMENTS),
  'aws_iam_openid_connect_provider',
  'aws_iam_role',
  'aws_lambda_permission',
]);

/** A resource on one side of a change. */
class Resource {
  readonly address: string;
  readonly type: string;
  readonly #plan: Plan;
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #unknown: Readonly<Record<string, unknown>>;
  readonly #sensitive: Readonly<Record<string, unknown>>;

  constructor(plan: Plan, { address, type, change }: ResourceChange, side: Side) {
    this.address = address;
    this.type = type;
    this.#plan = plan;
    this.#values = asObject(change[side]);
    this.#unknown = side === 'after' ? asObject(change.after_unknown) : {};
    this.#sensitive = asObject(change[`${side}_sensitive`]);
  }

  /** Attributes that the configuration sets; all, where it no longer knows the resource. */
  get attributes(): string[] {
    const configured = Object.keys(expressionsOf(this.#plan, this.address));
    const all = [...Object.keys(this.#values), ...Object.keys(this.#unknown)];
    return configured.length === 0 ? all : configured.filter((name) => all.includes(name));
  }

  /** Text of an attribute, with `${…}` for what applying will tell; null when there is none to show. */
  text(attribute: string): string | null {
    if (this.#sensitive[attribute] === true) return null;
    if (this.#unknown[attribute] !== true) {
      const value = this.#values[attribute];
      return typeof value === 'string' ? value : null;
    }
    const template = templateOf(this.#plan, this.address, attribute);
    return template === null ? null : resolved(this.#plan, template);
  }

  /** The parts of an attribute that is a list or a set, as far as they are known. */
  parts(attribute: string): readonly unknown[] {
    const value = this.#values[attribute];
    return Array.isArray(value) && this.#sensitive[attribute] !== true ? value : [];
  }

  /** Whether an attribute has a value that {@link text} cannot tell. */
  isHidden(attribute: string): boolean {
    const isThere =
      this.#unknown[attribute] === true || typeof this.#values[attribute] === 'string';
    return isThere && this.text(attribute) === null;
  }

  /** Whether one of these lists is configured, and the plan does not show all of it. */
  hasHiddenParts(...names: readonly string[]): boolean {
    return names.some(
      (name) =>
        this.attributes.includes(name) &&
        (isMarked(this.#unknown[name]) || isMarked(this.#sensitive[name])),
    );
  }

  /** Who or what it is, in Markdown. */
  called(kind: string, attribute: string): string {
    const name = this.text(attribute);
    return name === null ? `${kind} of ${code(this.address)}` : `${kind} ${code(name)}`;
  }
}

/** Puts in what is known: `${aws_kms_key.lake_key.arn}` stays only where the key is yet to be made. */
function resolved(plan: Plan, template: string): string {
  return template.replaceAll(
    /\$\{([a-z0-9_]+\.[\w-]+)\.([a-z0-9_]+)\}/g,
    (whole: string, address: string, attribute: string) => {
      const target = plan.resource_changes.find((each) => each.address === address);
      const value = asObject(target?.change.after)[attribute];
      return typeof value === 'string' ? value : whole;
    },
  );
}

/** The rights that a resource gives. */
function rightsOf(resource: Resource): Right[] {
  const { type } = resource;
  const attached = ATTACHMENTS[type];
  if (attached !== undefined) {
    return [
      {
        effect: 'Allow',
        who: resource.called(attached, attached),
        action: 'all that the policy says',
        on: resource.text('policy_arn') ?? resource.address,
        when: '',
      },
    ];
  }
  if (type === 'aws_lambda_permission') {
    const source = resource.text('source_arn');
    return [
      {
        effect: 'Allow',
        who: `AWS's service ${code(resource.text('principal') ?? '?')}`,
        action: resource.text('action') ?? '?',
        on: resource.text('function_name') ?? resource.address,
        when: source === null ? '' : `\`aws:SourceArn\` is ${code(source)}`,
      },
    ];
  }
  const [attribute, kind] = SUBJECTS[type] ?? ['name', type.replace(/^aws_iam_role$/, 'role')];
  const subject = resource.called(kind, attribute);
  return [...ownRightsOfRole(resource, subject), ...policyRights(resource, subject)];
}

/** What a role is given where it is defined, and not by a policy of its own. */
function ownRightsOfRole(resource: Resource, who: string): Right[] {
  if (resource.type !== 'aws_iam_role') return [];
  const managed = resource.attributes.includes('managed_policy_arns')
    ? resource.parts('managed_policy_arns')
    : [];
  const inline = resource.attributes.includes('inline_policy')
    ? resource.parts('inline_policy').map((part) => asObject(part)['policy'])
    : [];
  return [
    ...managed.map((arn): Right => ({
      ...{ effect: 'Allow', who, action: 'all that the policy says', on: String(arn), when: '' },
    })),
    ...inline.flatMap((text) =>
      typeof text === 'string' && isPolicy(text) ? rightsIn(text, who, resource.address) : [],
    ),
  ];
}

/** The rights in a resource's policies. */
function policyRights(resource: Resource, subject: string): Right[] {
  const { type } = resource;
  return resource.attributes
    .filter((name) => POLICY.test(name))
    .flatMap((name) => {
      const text = resource.text(name);
      if (text === null || !isPolicy(text)) return [];
      const own =
        name === 'assume_role_policy'
          ? `role ${resource.text('name') ?? resource.address}`
          : resource.address;
      // In a key's policy "*" is that key.
      return rightsIn(text, subject, own).map((right) =>
        type === 'aws_kms_key' && right.on === '*' ? { ...right, on: own } : right,
      );
    });
}

/**
 * Who may do what after a plan that they might not before, over all policies together: a statement
 * that only moves from one policy of a role to another changes nothing.
 */
export function changedRights(plan: Plan): RightsChange {
  const managed = plan.resource_changes.filter(({ mode }) => mode === 'managed');
  const on = (side: Side): Map<string, Right> => {
    const rights = managed.flatMap((change) =>
      change.change[side] === null ? [] : rightsOf(new Resource(plan, change, side)),
    );
    return new Map(rights.map((right) => [JSON.stringify(Object.values(right)), right]));
  };
  const [before, after] = [on('before'), on('after')];
  const without = (from: Map<string, Right>, others: Map<string, Right>): Right[] =>
    [...from].filter(([key]) => !others.has(key)).map(([, right]) => right);
  return {
    gained: without(after, before),
    lost: without(before, after),
    unread: managed
      .filter(({ type, change }) => {
        const isChanged = !['none', 'read'].includes(kindOf(change));
        return isChanged && GIVES_RIGHTS.test(type) && !READ.has(type);
      })
      .map(({ address }) => address),
    hidden: managed
      .filter(({ change }) => change.actions[0] !== 'no-op' && change.after !== null)
      .map((change) => new Resource(plan, change, 'after'))
      .filter(
        (each) =>
          each.attributes.some((name) => POLICY.test(name) && each.isHidden(name)) ||
          each.hasHiddenParts('managed_policy_arns', 'inline_policy'),
      )
      .map(({ address }) => address),
  };
}
