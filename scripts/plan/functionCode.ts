import { type Plan, asObject, kindOf } from './plan.ts';
import { bytes, code } from './text.ts';

/** Size of a zip in bytes, by the name that the plan gives it; undefined when it is not there. */
export type SizeOf = (filename: string) => number | undefined;

function difference(before: number, after: number): string {
  const percent = new Intl.NumberFormat('en', {
    signDisplay: 'exceptZero',
    maximumFractionDigits: 1,
  });
  return `${percent.format((100 * (after - before)) / before)} %`;
}

/** Functions whose code changes, with its size before and after; empty when none does. */
export function functionCodeText(plan: Plan, sizeOf: SizeOf): string {
  return plan.resource_changes
    .flatMap(({ address, type, change }) => {
      if (type !== 'aws_lambda_function' || kindOf(change) === 'none') return [];
      const [before, after] = [asObject(change.before), asObject(change.after)];
      if (change.after === null || before['source_code_hash'] === after['source_code_hash'])
        return [];
      const size = sizeOf(String(after['filename']));
      const fresh = size === undefined ? 'of a size not known' : bytes(size);
      if (change.before === null) return [`- ${code(address)}: new, ${fresh}`];
      const old = Number(before['source_code_size']);
      const change_ = size === undefined || !(old > 0) ? '' : ` (${difference(old, size)})`;
      return [`- ${code(address)}: ${old > 0 ? bytes(old) : '?'} → ${fresh}${change_}`];
    })
    .join('\n');
}
