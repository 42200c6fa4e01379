/** What a stage's queries are run with on AWS. */
export interface AthenaNames {
  readonly workgroup: string;
  /** Glue's database: what SQL calls a schema. */
  readonly database: string;
}

/** The names that the stack gives them. */
export function athenaNames(stack: {
  readonly project: string;
  readonly stage: string;
}): AthenaNames {
  const workgroup = `${stack.project}-${stack.stage}`;
  // SQL would want quotes around a hyphen.
  return { workgroup, database: workgroup.replaceAll('-', '_') };
}
