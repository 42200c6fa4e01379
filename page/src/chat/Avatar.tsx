import { IconUsers } from '@tabler/icons-react';
import { colourOf } from '../shared/palette.ts';
import styles from './Avatar.module.css';

/** A person's initial, or a group's sign, in the colour that is always theirs. */
export function Avatar(props: {
  readonly id: number;
  readonly name: string;
  readonly group?: boolean;
  readonly size?: number;
}) {
  const size = props.size ?? 40;
  return (
    <span
      className={styles.avatar}
      data-colour={colourOf(props.id)}
      style={{ width: size, height: size, fontSize: size * 0.4 }}
      aria-hidden
    >
      {props.group ? <IconUsers size={size / 2} stroke={1.6} /> : initial(props.name)}
    </span>
  );
}

/** The first letter, or the first emoji whole. */
function initial(name: string): string {
  const [first] = new Intl.Segmenter().segment(name);
  return first?.segment.toUpperCase() ?? '';
}
