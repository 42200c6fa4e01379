import type { Update } from '@grammyjs/types';

import type { Bot } from '../../bot/bot.ts';
import { daysInRange, startOfDayIn, addToDay } from '../../lake/days.ts';
import type { Day } from '../../lake/days.ts';
import type { Answer } from '../../lake/envelope.ts';
import { asUpdate } from '../../telegram/parseUpdate.ts';
import type { ParsedUpdate } from '../../telegram/parseUpdate.ts';
import { business, CAMPAIGN, DAYS, timeOfDay } from './calendar.ts';
import { announce, changeMembership, talk } from './group.ts';
import { makeCustomers, rename, RENAMED } from './people.ts';
import type { Customer } from './people.ts';
import { block, loseTemper, visit } from './privateChat.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';
import type { Script, Sent, Step } from './script.ts';

/** An update as the webhook would have seen it, with what the bot decided. */
export interface SampleEvent {
  readonly updateJson: string;
  readonly facts: ParsedUpdate['facts'];
  /** Unix milliseconds. */
  readonly receivedAt: number;
  readonly answer: Answer | null;
}

/** First numbers; Telegram starts somewhere, too. */
const FIRST_UPDATE_ID = 600_000_001;
const FIRST_MESSAGE_ID = 1_001;

/** Visits and talks on a day of business 1. */
const VISITS = 30;
const TALKS = 7;

/** Days, from 0, on which something happens once. */
const ONCE = { renamed: 30, lostTemper: 37, blocked: 44, left: 23 } as const;

/** A script that waits for its next step. */
interface Running {
  /** Unix seconds of the next step. */
  readonly time: number;
  readonly step: Step;
  readonly script: Script;
}

/**
 * Everything that happens in the sample, in order, up to a moment. The same bot, day and seed give
 * the same events, of which an earlier moment cuts off the end.
 *
 * @param options.today the last day
 * @param options.until Unix milliseconds
 */
export function* sampleEvents(options: {
  readonly bot: Bot;
  readonly zone: string;
  readonly today: Day;
  readonly seed: number;
  readonly until: number;
}): Generator<SampleEvent> {
  const { bot, zone, until } = options;
  const random = createRandom(options.seed);
  const days = daysInRange(addToDay(options.today, 1 - DAYS), options.today);
  const customers = [...makeCustomers(DAYS, random)];
  const latency = random.fork();
  let updateId = FIRST_UPDATE_ID;
  let messageId = FIRST_MESSAGE_ID;
  let running: Running[] = [];

  /** Lets a script come to its next step, after what became of the last one. */
  function proceed(script: Script, time: number, sent?: Sent): void {
    const next = sent === undefined ? script.next() : script.next(sent);
    if (next.done !== true)
      running.push({ time: time + next.value.delay, step: next.value, script });
  }

  function send({ step, time }: Running): { readonly sent: Sent; readonly event: SampleEvent } {
    const { chat, person } = step;
    const occasion = { updateId, messageId, chat, person, time };
    const update = step.update(occasion);
    const updateJson = JSON.stringify(update);
    const { facts, update: fields } = asUpdate(update);
    const receivedAt = time * 1000 + latency.between(180, 950);
    const answer = bot.decide({ update: fields, facts, receivedAt });
    updateId += 1;
    messageId += numbersTaken(update, answer);
    return { sent: { occasion, update, answer }, event: { updateJson, facts, receivedAt, answer } };
  }

  for (const [index, day] of days.entries()) {
    const start = startOfDayIn(day, zone) / 1000;
    if (index === ONCE.renamed) {
      const renamed = customers[RENAMED.index];
      if (renamed) customers[RENAMED.index] = rename(renamed, RENAMED.to);
    }
    const scene = { bot: bot.identity, random: random.fork() };
    for (const { second, script } of plan(index, day, customers, scene)) {
      proceed(script, start + second);
    }
    const end = startOfDayIn(addToDay(day, 1), zone) / 1000;
    for (;;) {
      const next = running.reduce<Running | null>(
        (first, candidate) => (first === null || candidate.time < first.time ? candidate : first),
        null,
      );
      if (next === null || next.time >= end) break;
      const { sent, event } = send(next);
      if (event.receivedAt > until) return;
      yield event;
      running = running.filter((other) => other !== next);
      proceed(next.script, next.time, sent);
    }
  }
}

/** Numbers that a chat gives away: to a message, and to the answer that follows it. */
function numbersTaken(update: Update, answer: Answer | null): number {
  const own = update.message ? 1 : 0;
  return own + (answer?.call ? 1 : 0);
}

/** What happens on a day, and when it starts, in seconds after the day's start. */
function plan(
  index: number,
  day: Day,
  customers: readonly Customer[],
  scene: { readonly bot: Bot['identity']; readonly random: Random },
): readonly { readonly second: number; readonly script: Script }[] {
  const { random } = scene;
  const present = customers.filter(({ since }) => since <= index);
  const members = present.filter(({ isInGroup }) => isInGroup);
  const weights = present.map(({ weight }) => weight);
  const busy = business(index, day) * (0.9 + 0.2 * random.next());
  const own = () => ({ bot: scene.bot, random: random.fork() });
  const someone = (): Customer => present[random.weighted(weights)] ?? random.pick(present);
  const planned: { second: number; script: Script }[] = [];
  const at = (script: Script, second = timeOfDay(random)): void => {
    planned.push({ second, script });
  };

  for (const customer of present.filter(({ since }) => since === index)) {
    if (index === 0) continue;
    const isCampaign = index === CAMPAIGN.index;
    const payload = isCampaign ? CAMPAIGN.payload : random.pick(['', '', 'instagram', 'loja']);
    at(visit(own(), customer, payload));
    if (customer.isInGroup) at(changeMembership(customer, 'join'));
  }
  for (let left = Math.round(VISITS * busy); left > 0; left--) {
    const isLinked = index === CAMPAIGN.index && random.chance(0.4);
    at(visit(own(), someone(), isLinked ? CAMPAIGN.payload : null));
  }
  for (let left = Math.round(TALKS * busy); left > 0; left--) at(talk(own(), members));
  if (random.chance(0.5)) at(announce(own(), random.pick(members)), 9 * 3600);
  if (index === ONCE.lostTemper) at(loseTemper(own(), someone()), 20 * 3600);
  if (index === ONCE.blocked) at(block(own(), random.pick(present)));
  if (index === ONCE.left) at(changeMembership(random.pick(members), 'leave'));
  return planned;
}
