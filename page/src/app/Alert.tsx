import { Notice } from '../shared/Notice.tsx';
import styles from './Alert.module.css';

/** Something wrong with the whole: the server does not answer, or the real bot does not run. */
export function Alert({ error }: { readonly error: Error }) {
  return (
    <div className={styles.alert}>
      <Notice error={error} />
    </div>
  );
}
