import type { Random } from './random.ts';
import type { Chat, Person } from './update.ts';

/** Somebody who writes, for some of the days. */
export interface Citizen {
  readonly id: number;
  /** Days of the period, both included, counted from 0. */
  readonly active: { readonly from: number; readonly to: number };
  /** Names and languages, each from a day on. */
  readonly looks: readonly {
    readonly from: number;
    readonly first_name: string;
    readonly language_code: string | undefined;
  }[];
  readonly username: string | undefined;
}

const NAMES = [
  'Ana',
  'Bruno',
  'Çağla',
  'Dörte',
  'Élise',
  'João',
  'Li 李',
  '🌵',
  'Nuno',
  "O'Hara",
  '"Zé"',
];

/** Tags of the app's language, in every form that Telegram and other clients send. */
const LANGUAGES = [
  'pt-br',
  'pt-br',
  'pt',
  'PT-BR',
  'en',
  'en-US',
  'es',
  'zh-hans',
  'pt_PT',
  undefined,
];

/** The largest id that Telegram may give: 52 bits. */
const LARGEST = 2 ** 52 - 1;

/** People whose days of activity begin anywhere in the period, most of them early. */
export function makePeople(random: Random, count: number, days: number): readonly Citizen[] {
  return Array.from({ length: count }, (_, number) => {
    const from = random.chance(0.4) ? 0 : random.integer(0, days - 1);
    const to = random.chance(0.5) ? days - 1 : random.integer(from, days - 1);
    const look = (day: number) => ({
      from: day,
      first_name: random.pick(NAMES),
      language_code: random.pick(LANGUAGES),
    });
    const isRenamed = random.chance(0.2) && to > from;
    return {
      // Small ones, those beyond 32 bits, and one of 52.
      id: number === 0 ? LARGEST : (number % 3 === 0 ? 5_000_000_000 : 100_000) + number * 7,
      active: { from, to },
      looks: [look(from), ...(isRenamed ? [look(random.integer(from + 1, to))] : [])],
      username: random.chance(0.5) ? `user_${number}` : undefined,
    };
  });
}

/** A citizen on a day, as an update has them. */
export function personOn(citizen: Citizen, day: number): Person {
  const look = citizen.looks.findLast(({ from }) => from <= day) ?? citizen.looks[0];
  return {
    id: citizen.id,
    is_bot: false,
    first_name: look?.first_name ?? '',
    ...(citizen.username !== undefined && { username: citizen.username }),
    ...(look?.language_code !== undefined && { language_code: look.language_code }),
  };
}

/** Whether somebody writes on a day. */
export function isActive({ active }: Citizen, day: number): boolean {
  return active.from <= day && day <= active.to;
}

/** The chat with the bot. */
export function privateChat({ id, first_name }: Person): Chat {
  return { id, type: 'private', first_name };
}

/** A group or channel, whose title changes now and then. */
export interface Place {
  readonly type: 'channel' | 'group' | 'supergroup';
  readonly id: number;
  readonly titles: readonly { readonly from: number; readonly title: string }[];
}

/** The group that becomes a supergroup, and the day on which it does. */
export function migration(days: number): {
  readonly day: number;
  readonly from: Place;
  readonly to: Place;
} {
  const titles = [{ from: 0, title: 'Clientes VIP' }];
  return {
    day: Math.floor(days / 2),
    from: { type: 'group', id: -4_001, titles },
    to: { type: 'supergroup', id: -1_001_000_000_099, titles },
  };
}

/** Groups in which people write to each other. */
export function groups(days: number): readonly Place[] {
  return [
    { type: 'supergroup', id: -1_001_234_567_890, titles: [{ from: 0, title: 'Vizinhos 🌳' }] },
    {
      type: 'supergroup',
      id: -1_001_234_567_891,
      titles: [
        { from: 0, title: 'Orquídeas' },
        { from: Math.floor(days / 3), title: 'Orquídeas & Bromélias' },
      ],
    },
    { type: 'group', id: -4_002, titles: [{ from: 0, title: "D'água" }] },
  ];
}

/** Channels, which speak in their own name. */
export const CHANNELS: readonly Place[] = [
  { type: 'channel', id: -1_009_876_543_210, titles: [{ from: 0, title: 'Novidades' }] },
  { type: 'channel', id: -1_009_876_543_211, titles: [{ from: 0, title: 'Ofertas' }] },
];

/** A place on a day, as an update has it. */
export function chatOn({ id, type, titles }: Place, day: number): Chat {
  return { id, type, title: titles.findLast(({ from }) => from <= day)?.title ?? '' };
}

/** Bots that write in groups. */
export const BOTS: readonly Person[] = [
  { id: 900, is_bot: true, first_name: 'Helper', username: 'helper_bot' },
  { id: 136_817_688, is_bot: true, first_name: 'Channel', username: 'Channel_Bot' },
];

/** Who stands for an anonymous administrator. */
export const ANONYMOUS: Person = { id: 1_087_968_824, is_bot: true, first_name: 'Group' };

/** Our own bot. */
export const OURS: Person = {
  id: 7_000_000_001,
  is_bot: true,
  first_name: 'Loja',
  username: 'loja_bot',
};
