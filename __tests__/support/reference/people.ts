import type { Asked } from './asked.ts';
import { dayText, momentText, monday, weeksBetween } from './clock.ts';
import { type Fact, isMessage } from './facts.ts';
import { type Row, countDistinct, groupBy, latest, nearestRank, share, sortRows } from './rows.ts';

/** Longest silence within a session, seconds. */
const SESSION_GAP = 1_800;

const number = ({ update }: Fact): number => update.update_id;
const userId = ({ person }: Fact): number | null => person?.id ?? null;
const mondayOf = (day: string): string => monday(Date.parse(day));

/** When each person did anything for the first time, on the wall clock. */
function firstSeen({ history }: Asked): Map<number, number> {
  const seen = new Map<number, number>();
  for (const { person, clock } of history) {
    if (person === null || person.is_bot) continue;
    seen.set(person.id, Math.min(seen.get(person.id) ?? Infinity, clock));
  }
  return seen;
}

function activeUsers(asked: Asked, column: string, span: (day: string) => string): Row[] {
  const seen = firstSeen(asked);
  const bySpan = groupBy(
    asked.messages.filter(({ person }) => person !== null),
    ({ day }) => span(day),
  );
  const rows = [...bySpan].map(([value, own]) => {
    const users = [...new Set(own.map(userId))];
    const isNew = (user: number | null): boolean =>
      span(dayText(seen.get(user ?? 0) ?? 0)) === value;
    const newUsers = users.filter(isNew).length;
    return {
      [column]: value,
      active_users: users.length,
      new_users: newUsers,
      returning_users: users.length - newUsers,
    };
  });
  return sortRows(rows, `-${column}`);
}

export const activeUsersPerDay = (asked: Asked): Row[] =>
  activeUsers(asked, 'context_date', (day) => day);

export const activeUsersPerWeek = (asked: Asked): Row[] => activeUsers(asked, 'week', mondayOf);

export const activeUsersPerMonth = (asked: Asked): Row[] =>
  activeUsers(asked, 'month', (day) => `${day.slice(0, 7)}-01`);

export function retentionByWeeklyCohort(asked: Asked): Row[] {
  const seen = firstSeen(asked);
  const weeksOf = new Map<number, Set<string>>();
  for (const { person, day } of asked.messages) {
    if (person === null) continue;
    weeksOf.set(person.id, (weeksOf.get(person.id) ?? new Set()).add(mondayOf(day)));
  }
  const cohorts = groupBy(weeksOf, ([user]) => monday(seen.get(user) ?? 0));
  const rows = [...cohorts].flatMap(([cohort_week, users]) => {
    const members = users.filter(([, weeks]) => weeks.has(cohort_week));
    const weeks = groupBy(
      members.flatMap(([, own]) => [...own]),
      (week) => week,
    );
    return [...weeks].map(([week, { length }]) => ({
      cohort_week,
      weeks_later: weeksBetween(cohort_week, week),
      cohort_users: members.length,
      active_users: length,
      share: share(length, members.length),
    }));
  });
  return sortRows(rows, 'cohort_week', 'weeks_later');
}

interface Session {
  readonly day: string;
  readonly user: number | null;
  readonly messages: number;
  readonly duration: number;
}

function sessions(facts: readonly Fact[]): Session[] {
  const found: Session[] = [];
  const conversations = groupBy(
    facts.filter((fact) => isMessage(fact) && fact.person !== null),
    ({ chat, person }) => `${chat?.id} ${person?.id}`,
  );
  const seconds = ({ date }: Fact): number => date ?? 0;
  for (const messages of conversations.values()) {
    let own: Fact[] = [];
    const close = (): void => {
      const [first] = own;
      if (!first) return;
      found.push({
        day: own.map(({ day }) => day).sort()[0] ?? '',
        user: userId(first),
        messages: own.length,
        duration: seconds(own.at(-1) ?? first) - seconds(first),
      });
      own = [];
    };
    for (const message of messages.toSorted((a, b) => seconds(a) - seconds(b))) {
      const last = own.at(-1);
      if (last && seconds(message) - seconds(last) > SESSION_GAP) close();
      own.push(message);
    }
    close();
  }
  return found;
}

export function sessionsPerDay({ history, period, isWanted }: Asked): Row[] {
  // A session may have begun before the period, or go on after it.
  const begun = sessions(history.filter(isWanted)).filter(
    ({ day }) => period.from <= day && day <= period.to,
  );
  const rows = [...groupBy(begun, ({ day }) => day)].map(([context_date, own]) => {
    const durations = own.map(({ duration }) => duration);
    return {
      context_date,
      session_amount: own.length,
      user_amount: countDistinct(own, ({ user }) => user),
      messages_per_session: own.reduce((sum, { messages }) => sum + messages, 0) / own.length,
      median_duration: nearestRank(durations, 50),
      p95_duration: nearestRank(durations, 95),
    };
  });
  return sortRows(rows, '-context_date');
}

export function busiestUsers({ messages }: Asked): Row[] {
  const known = messages.filter(({ person }) => person !== null);
  const rows = [...groupBy(known, userId)].map(([user_id, own]) => ({
    user_id,
    user_first_name: latest(own, number).person?.first_name ?? null,
    message_amount: own.length,
    active_days: countDistinct(own, ({ day }) => day),
    last_seen: momentText(latest(own, ({ clock }) => clock).clock),
  }));
  return sortRows(rows, '-message_amount', 'user_id').slice(0, 100);
}

export function busiestChats({ messages }: Asked): Row[] {
  const rows = [...groupBy(messages, ({ chat }) => chat?.id ?? null)].map(([chat_id, own]) => {
    const titled = own.filter(({ chat }) => chat?.title !== undefined);
    const named = own.filter(({ person }) => person?.id === chat_id);
    return {
      chat_id,
      chat_title:
        titled.length > 0
          ? (latest(titled, number).chat?.title ?? null)
          : (latest(named, number).person?.first_name ?? null),
      chat_type: latest(own, number).chat?.type ?? null,
      message_amount: own.length,
      user_amount: countDistinct(own, userId),
    };
  });
  return sortRows(rows, '-message_amount', 'chat_id').slice(0, 100);
}

export function languages({ messages }: Asked): Row[] {
  const byLanguage = groupBy(
    messages,
    ({ person }) => person?.language_code?.toLowerCase().split('-')[0] ?? null,
  );
  const rows = [...byLanguage].map(([language, own]) => ({
    language,
    user_amount: countDistinct(own, userId),
    message_amount: own.length,
  }));
  return sortRows(rows, '-user_amount', '-message_amount', 'language');
}

const JOINED = ['member', 'restricted', 'administrator', 'creator'];

/** Who joined and who left by an update. */
function moves({ update }: Fact): {
  readonly joined: readonly number[];
  readonly left: readonly number[];
} {
  const { chat_member: change, message } = update;
  // Several at once stand in no column.
  const joiners = message?.new_chat_members?.length === 1 ? message.new_chat_members : [];
  const leavers = message?.left_chat_member ? [message.left_chat_member] : [];
  const user = change?.new_chat_member.user.id ?? 0;
  const wasIn = JOINED.includes(change?.old_chat_member.status ?? '');
  const isIn = JOINED.includes(change?.new_chat_member.status ?? '');
  return {
    joined: [...joiners.map(({ id }) => id), ...(change && isIn && !wasIn ? [user] : [])],
    left: [...leavers.map(({ id }) => id), ...(change && wasIn && !isIn ? [user] : [])],
  };
}

export function membershipChangesPerDay({ facts }: Asked): Row[] {
  const rows = [...groupBy(facts, ({ day }) => day)].flatMap(([context_date, own]) => {
    const pairs = (side: 'joined' | 'left'): number =>
      new Set(own.flatMap((fact) => moves(fact)[side].map((user) => `${fact.chat?.id} ${user}`)))
        .size;
    const changes = own.flatMap(({ update: { my_chat_member: change } }) =>
      change?.chat.type === 'private' ? change : [],
    );
    const statuses = changes.map(
      ({ old_chat_member: before, new_chat_member: after }) => `${before.status} ${after.status}`,
    );
    const row = {
      joined: pairs('joined'),
      left_amount: pairs('left'),
      blocked: statuses.filter((status) => status.endsWith(' kicked')).length,
      unblocked: statuses.filter((status) => status === 'kicked member').length,
    };
    return Object.values(row).some((amount) => amount > 0) ? { context_date, ...row } : [];
  });
  return sortRows(rows, '-context_date');
}
