import type { Status } from '../../../src/local/api.ts';
import { RequestError } from '../shared/api.ts';
import { Notice } from '../shared/Notice.tsx';
import styles from './BotProblem.module.css';

/** Says why the real bot does not run, and what to do about it. */
export function BotProblem(props: {
  readonly bot: Extract<Status['bot'], { readonly mode: 'problem' }>;
}) {
  const { problem, remedy } = props.bot;
  return (
    <div className={styles.problem}>
      <Notice error={new RequestError(problem, remedy, 502)} />
    </div>
  );
}
