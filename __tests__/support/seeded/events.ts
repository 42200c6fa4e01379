import { startOfDayIn, addToDay, type Day } from '../../../src/lake/days.ts';
import {
  CHANNELS,
  groups,
  isActive,
  makePeople,
  migration,
  privateChat,
  personOn,
} from './people.ts';
import { CHATTER } from './phrases.ts';
import { Planner } from './planner.ts';
import { seededRandom } from './random.ts';
import * as scenes from './scenes.ts';
import type { SeededEvent } from './update.ts';

/** What is generated. */
export interface Seeding {
  readonly seed: number;
  /** First day. */
  readonly from: Day;
  readonly days: number;
  readonly count: number;
  readonly zone: string;
}

/** São Paulo's last summer time: it began and ended at a midnight, both within these days. */
export const SEEDING: Seeding = {
  seed: 20_181_104,
  from: '2018-10-26',
  days: 120,
  count: 200_000,
  zone: 'America/Sao_Paulo',
};

/** How much happens in each hour of the day, as weights. */
const HOURS = [3, 1, 1, 1, 1, 2, 3, 5, 8, 10, 10, 9, 8, 8, 9, 9, 9, 9, 8, 8, 7, 6, 5, 6];

/** Events, in the order of their numbers. The same seeding gives the same events anywhere. */
export function seededEvents(seeding: Seeding): readonly SeededEvent[] {
  const random = seededRandom(seeding.seed);
  const planner = new Planner(random);
  const { days } = seeding;
  const people = makePeople(random, Math.max(20, Math.floor(seeding.count / 250)), days);
  const ordinary = groups(days);
  const moving = migration(days);
  const byHour = HOURS.flatMap((weight, hour) => Array.from({ length: weight }, () => hour));

  for (let day = 0; day < days; day++) {
    const start = startOfDayIn(addToDay(seeding.from, day), seeding.zone) / 1000;
    const citizens = people.filter((person) => isActive(person, day));
    const places = [...ordinary, day < moving.day ? moving.from : moving.to];
    const setting = (at: number) => ({ planner, random, day, at, citizens });
    midnight(planner, start, personOn(random.pick(citizens), day));
    if (day === moving.day) scenes.migrate(setting(start + 40_000), moving.from, moving.to);
    // Sundays are quiet; a few more than wanted are planned, since the last are left out.
    const isSunday = new Date((start + 43_200) * 1000).getUTCDay() === 0;
    const share = isSunday ? 0.5 : 1.09;
    const until = planner.count + (seeding.count / days) * share;
    while (planner.count < until) {
      const at = start + random.pick(byHour) * 3_600 + random.integer(0, 3_599);
      const scene = random.number();
      if (scene < 0.5) scenes.conversation(setting(at));
      else if (scene < 0.62) scenes.groupTalk(setting(at), random.pick(places));
      else if (scene < 0.68) scenes.campaign(setting(at));
      else if (scene < 0.76) scenes.post(setting(at), random.pick(CHANNELS));
      else if (scene < 0.9) scenes.membership(setting(at), random.pick([...places, ...CHANNELS]));
      else if (scene < 0.95) scenes.botMembership(setting(at), random.pick(places));
      else scenes.oddity(setting(at), random.pick(places));
    }
  }
  return planner.events(seeding.count);
}

/** Messages in the last second of a day and in the first of the next. */
function midnight(planner: Planner, start: number, from: ReturnType<typeof personOn>): void {
  for (const at of [start - 1, start, start + 3_599, start + 3_600]) {
    const text = CHATTER[at % CHATTER.length];
    planner.add(at, { message: planner.message(at, privateChat(from), { from, text }) });
  }
}
