import { ActionIcon } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { Link } from 'wouter';
import { useText } from '../i18n/language.tsx';
import { formatNumber } from '../shared/format.ts';
import styles from './Pager.module.css';

/** Which part of a long list is shown, and the way to its neighbours. */
export function Pager(props: {
  /** From 1. */
  readonly page: number;
  /** Items of a page. */
  readonly size: number;
  readonly total: number;
  readonly hrefOf: (page: number) => string;
}) {
  const { page, size, total } = props;
  const text = useText();
  if (total <= size && page === 1) return null;
  const written = (value: number) => formatNumber(value, text.locale);
  const [from, to] = [(page - 1) * size + 1, Math.min(total, page * size)];
  return (
    <nav className={styles.pager} aria-label={text.days.pages}>
      <Way
        page={page > 1 ? page - 1 : null}
        label={text.days.previousPage}
        Icon={IconChevronLeft}
        hrefOf={props.hrefOf}
      />
      <span>{text.days.pageOf(written(Math.min(from, to)), written(to), written(total))}</span>
      <Way
        page={to < total ? page + 1 : null}
        label={text.days.nextPage}
        Icon={IconChevronRight}
        hrefOf={props.hrefOf}
      />
    </nav>
  );
}

function Way(props: {
  /** null where there is no such page. */
  readonly page: number | null;
  readonly label: string;
  readonly Icon: typeof IconChevronLeft;
  readonly hrefOf: (page: number) => string;
}) {
  const { page, Icon } = props;
  const icon = <Icon size={16} aria-hidden />;
  if (page === null) return <span className={styles.nowhere}>{icon}</span>;
  return (
    <ActionIcon
      component={Link}
      href={props.hrefOf(page)}
      size={28}
      variant="subtle"
      color="gray"
      aria-label={props.label}
    >
      {icon}
    </ActionIcon>
  );
}
