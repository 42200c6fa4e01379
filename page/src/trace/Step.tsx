import type { ReactNode } from 'react';
import styles from './Step.module.css';

/** One station on a message's way: a sign on the line, a title, what it means, and what it shows. */
export function Step(props: {
  readonly icon: ReactNode;
  readonly title: string;
  readonly hint: string;
  /** Whether the message has got here. */
  readonly reached: boolean;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <li className={styles.step} data-reached={props.reached || undefined}>
      <span className={styles.sign} aria-hidden>
        {props.icon}
      </span>
      <div className={styles.body}>
        <div className={styles.head}>
          <h3 className={styles.title}>{props.title}</h3>
          {props.aside}
        </div>
        <p className={styles.hint}>{props.hint}</p>
        {props.children}
      </div>
    </li>
  );
}

/** Small facts in a row, each with its name. */
export function Facts(props: {
  readonly facts: readonly { readonly name: string; readonly value: ReactNode }[];
}) {
  return (
    <dl className={styles.facts}>
      {props.facts.map(({ name, value }) => (
        <div key={name} className={styles.fact}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
