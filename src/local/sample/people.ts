import type { Person } from '../api.ts';
import type { SimulatedChat } from '../simulator/people.ts';
import type { Random } from './random.ts';
import type { Hand } from './wording.ts';

/** Somebody of the sample lake. */
export interface Customer {
  readonly person: Person;
  readonly chat: SimulatedChat;
  readonly hand: Hand;
  /** Day of the sample, from 0, on which they first write. */
  readonly since: number;
  /** How often they write, compared with others. */
  readonly weight: number;
  readonly isInGroup: boolean;
}

/** The shop's group for its customers. */
export const GROUP: SimulatedChat = {
  id: -1_009_900_000_900,
  type: 'supergroup',
  title: 'Clientes Folha & Barro',
  people: [],
};

/** First names with how their bearers are called in their app: most are Brazilian. */
const NAMES: readonly string[] = `
  Ana Beatriz Camila Daniela Eduarda Fernanda Gabriela Helena Isabela Juliana Karina Larissa
  Mariana Natália Patrícia Rafaela Sandra Tatiana Vanessa Yasmin André Bruno Caio Diego Eduardo
  Felipe Gustavo Henrique Igor João Leonardo Marcelo Otávio Paulo Rafael Sérgio Thiago Vinícius
  Wagner Luiza Cecília Rosângela Josué Débora Mônica Zé_Carlos Dona_Neide Tia_Lu
`
  .trim()
  .split(/\s+/)
  .map((name) => name.replaceAll('_', ' '));

const ENGLISH_NAMES: readonly string[] = ['Emma', 'Oliver', 'Sophie', 'Liam', 'Grace', 'Noah'];

/** Numbers far above those that Telegram gives out, so that nobody real is meant. */
const FIRST_ID = 990_000_000_100;

/** Who gets a new first name in the course of the sample, and which. */
export const RENAMED = { index: 1, to: 'Bia 🌷' } as const;

/**
 * The people of the sample: half of them are customers from the start, the others come in time.
 *
 * @param days length of the sample
 */
export function makeCustomers(days: number, random: Random): readonly Customer[] {
  const names = [...NAMES, ...ENGLISH_NAMES];
  return names.map((firstName, index) => {
    const isEnglish = index >= NAMES.length;
    const handle = firstName
      .normalize('NFD')
      .replaceAll(/[^a-z]/gi, '')
      .toLowerCase();
    const person: Person = {
      id: FIRST_ID + index * 7,
      firstName,
      username: random.chance(0.55) ? `${handle}_${random.between(10, 99)}` : null,
      languageCode: isEnglish ? 'en' : random.chance(0.9) ? 'pt-br' : null,
    };
    return {
      person,
      chat: privateChat(person),
      hand: {
        plain: random.pick([0.1, 0.3, 0.9]),
        slips: random.pick([0.03, 0.08, 0.2]),
        short: random.pick([0, 0.3, 0.9]),
      },
      since: index === RENAMED.index || random.chance(0.5) ? 0 : random.between(1, days - 2),
      // A few write often, most now and then.
      weight: 1 / (1 + 4 * random.next()) ** 2,
      isInGroup: index === RENAMED.index || random.chance(0.4),
    };
  });
}

/** Somebody under another first name, from now on. */
export function rename(customer: Customer, firstName: string): Customer {
  const person = { ...customer.person, firstName };
  return { ...customer, person, chat: privateChat(person) };
}

function privateChat(person: Person): SimulatedChat {
  return { id: person.id, type: 'private', title: person.firstName, people: [person] };
}
