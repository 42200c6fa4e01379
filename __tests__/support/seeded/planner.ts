import type { Answer, Source } from '../../../src/lake/envelope.ts';
import type { Random } from './random.ts';
import type { Chat, Kinds, Message, SeededEvent } from './update.ts';

/** An event before it has its number. */
export interface Planned {
  /** When it happened, Unix seconds. */
  readonly at: number;
  readonly kinds: Kinds;
  readonly answer: Answer | null;
  /** Seconds until it was received first. */
  readonly delay: number;
  /** Seconds until it was received again, each. */
  readonly again: readonly number[];
  readonly source: Source;
}

/** How an event is delivered, where that is not as usual. */
export type Delivery = Partial<Pick<Planned, 'again' | 'answer' | 'delay' | 'source'>>;

/** Collects what happens, and gives the messages of a chat their numbers. */
export class Planner {
  readonly random: Random;
  readonly #planned: Planned[] = [];
  readonly #messageNumbers = new Map<number, number>();

  constructor(random: Random) {
    this.random = random;
  }

  /** How many events there are. */
  get count(): number {
    return this.#planned.length;
  }

  /** A message to be. @param at Unix seconds */
  message(at: number, chat: Chat, content: Readonly<Record<string, unknown>>): Message {
    const message_id = (this.#messageNumbers.get(chat.id) ?? 0) + 1;
    this.#messageNumbers.set(chat.id, message_id);
    return { message_id, date: at, chat, ...content };
  }

  /** Something happens. A few of all things are delivered late or twice. */
  add(at: number, kinds: Kinds, delivery: Delivery = {}): void {
    const { random } = this;
    const isRetried = random.chance(0.01);
    this.#planned.push({
      at,
      kinds,
      answer: null,
      // Telegram delivers for 24 hours.
      delay: random.chance(0.005) ? random.integer(60, 80_000) : random.integer(0, 2),
      again: isRetried ? [random.integer(3, 600)] : [],
      source: random.chance(0.01) ? random.pick(['simulator', 'sample', 'import']) : 'telegram',
      ...delivery,
    });
  }

  /** The first events in the order of time, as many as wanted, numbered. */
  events(count: number): readonly SeededEvent[] {
    const { random } = this;
    const inOrder = this.#planned.toSorted((a, b) => a.at - b.at).slice(0, count);
    let update_id = 700_000_000;
    return inOrder.map(({ at, kinds, answer, delay, again, source }) => {
      // Another bot's numbers: two updates under one, of which only one is a message.
      const isTaken = 'chat_member' in kinds && random.chance(0.01);
      if (!isTaken) update_id += random.chance(0.98) ? 1 : random.integer(2, 9);
      const receivedAt = (at + delay) * 1000 + random.integer(0, 999);
      const isBare =
        answer === null && source === 'import' && again.length === 0 && hasOwnTime(kinds);
      return {
        update: { update_id, ...kinds },
        receivedAt,
        source,
        answer,
        again: again.map((seconds) => receivedAt + seconds * 1000),
        isBare,
      };
    });
  }
}

/** Whether an update says itself when it happened. */
function hasOwnTime(kinds: Kinds): boolean {
  return Object.values(kinds).some((fields: object) => 'date' in fields);
}
