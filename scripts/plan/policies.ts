import * as z from 'zod';

/** Whom a policy with the principal `*` is about. */
export const ANYONE = '**anyone**';

/** One thing that one party may do, or is refused. */
export interface Right {
  readonly effect: 'Allow' | 'Deny';
  /** For instance ``role `chatbot-dev-etl` ``, in Markdown. */
  readonly who: string;
  /** For instance `s3:GetObject`. */
  readonly action: string;
  /** For instance an ARN. */
  readonly on: string;
  /** Conditions in Markdown; empty for none. */
  readonly when: string;
}

const list = z.union([z.string().transform((text) => [text]), z.array(z.string())]);

const principalSchema = z.union([z.literal('*'), z.record(z.string(), list)]);

const statementSchema = z.object({
  Effect: z.enum(['Allow', 'Deny']),
  Principal: principalSchema.optional(),
  NotPrincipal: principalSchema.optional(),
  Action: list.optional(),
  NotAction: list.optional(),
  Resource: list.optional(),
  NotResource: list.optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});

const policySchema = z.object({
  Statement: z.union([statementSchema.transform((one) => [one]), z.array(statementSchema)]),
});

type Statement = z.infer<typeof statementSchema>;
type Principal = z.infer<typeof principalSchema>;

/** Whether a text looks like a policy of IAM's; other services have policies of other kinds. */
export function isPolicy(text: string): boolean {
  try {
    return Object.hasOwn(JSON.parse(text) as object, 'Statement');
  } catch {
    return false;
  }
}

/**
 * The rights in a policy.
 *
 * @param text JSON
 * @param subject whom a statement without a principal is about, in Markdown
 * @param object what a statement without a resource is about
 * @throws ZodError when a statement is not as IAM wants it
 */
export function rightsIn(text: string, subject: string, object: string): Right[] {
  const { Statement: statements } = policySchema.parse(JSON.parse(text));
  return statements.flatMap((statement) => {
    const { Effect: effect } = statement;
    const when = whenOf(statement);
    const resources = statement.Resource ?? except(statement.NotResource) ?? [object];
    const actions = statement.Action ?? except(statement.NotAction) ?? [];
    return whoOf(statement, subject).flatMap((who) =>
      actions.flatMap((action) => resources.map((on) => ({ effect, who, action, on, when }))),
    );
  });
}

function except(names: readonly string[] | undefined): string[] | undefined {
  return names && [`everything but ${names.join(', ')}`];
}

function whoOf({ Principal, NotPrincipal }: Statement, subject: string): string[] {
  if (NotPrincipal) return [`anyone but ${namesOf(NotPrincipal).join(', ')}`];
  return Principal ? namesOf(Principal) : [subject];
}

function namesOf(principal: Principal): string[] {
  if (principal === '*') return [ANYONE];
  return Object.entries(principal).flatMap(([kind, names]) =>
    names.map((name) => nameOf(kind, name)),
  );
}

function nameOf(kind: string, name: string): string {
  if (name === '*') return ANYONE;
  const account = /^(?:arn:aws:iam::)?(\d{12})(?::root)?$/.exec(name)?.[1];
  if (account !== undefined) return `the account \`${account}\`, by policies of its own`;
  const kinds: Readonly<Record<string, string>> = {
    Service: "AWS's service",
    Federated: 'who signs in by',
  };
  return `${kinds[kind] ?? kind} \`${name}\``;
}

function whenOf({ Condition: conditions = {} }: Statement): string {
  return Object.entries(conditions)
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(
        ([key, value]) => `\`${key}\` ${operator} \`${[value].flat().join('`, `')}\``,
      ),
    )
    .sort()
    .join(' and ');
}
