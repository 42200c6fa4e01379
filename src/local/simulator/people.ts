import type { Person } from '../api.ts';

/** A chat of the simulator and those who can write in it; the first is the default. */
export interface SimulatedChat {
  readonly id: number;
  readonly type: 'group' | 'private' | 'supergroup';
  readonly title: string;
  readonly people: readonly Person[];
}

// Numbers far above those Telegram gives out today, so that nobody real is meant, and long enough
// to show that ids need more than 32 bits.
const ANA: Person = {
  id: 990_000_000_001,
  firstName: 'Ana',
  username: 'ana_souza',
  languageCode: 'pt-br',
};
const BRUNO: Person = {
  id: 990_000_000_002,
  firstName: 'Bruno',
  username: null,
  languageCode: 'pt-br',
};
const EMMA: Person = {
  id: 990_000_000_003,
  firstName: 'Emma',
  username: 'emma_w',
  languageCode: 'en',
};
const CARLA: Person = {
  id: 990_000_000_004,
  firstName: 'Carla',
  username: 'carla_lima',
  languageCode: 'pt-br',
};

function privateChat(person: Person): SimulatedChat {
  return { id: person.id, type: 'private', title: person.firstName, people: [person] };
}

/** Everybody one can be, in private and in one group. */
export const SIMULATED_CHATS: readonly SimulatedChat[] = [
  privateChat(ANA),
  privateChat(BRUNO),
  privateChat(EMMA),
  {
    id: -1_009_900_000_001,
    type: 'supergroup',
    title: 'Vizinhos da Rua das Flores',
    people: [ANA, BRUNO, CARLA],
  },
];
