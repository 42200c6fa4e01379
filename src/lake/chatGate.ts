import * as z from 'zod';

import type { Config } from '../config/config.ts';
import { type Party, partyOf } from '../telegram/admission.ts';
import type { UpdateFacts } from '../telegram/facts.ts';
import { chatStateKey } from './keys.ts';
import {
  NotFoundError,
  type ObjectStore,
  PreconditionFailedError,
  readText,
} from './objectStore.ts';

/** The settings that say whose updates are stored and answered. */
export type ChatSettings = Readonly<Pick<Config, 'chats' | 'ownerChat' | 'staffChats'>>;

/** Whether an update's chat is one of ours. */
type Admission =
  | { readonly isOurs: true }
  | {
      readonly isOurs: false;
      /** Which chat it is and which setting would admit it, for people. */
      readonly reason: string;
      /** Whether this is the first one of its chat that this process turns away. */
      readonly isFirst: boolean;
    };

/** Tells whose updates are stored; remembers groups that became supergroups. */
export interface ChatGate {
  /** @throws UnavailableError when what was remembered cannot be read or written */
  readonly admit: (facts: UpdateFacts) => Promise<Admission>;
}

/** A group that became a supergroup, under another number. */
interface Migration {
  readonly from: number;
  readonly to: number;
}

const stateSchema = z.object({ v: z.literal(1), migrated_to: z.int() });

/** How many chats are remembered as turned away: beyond, none counts as first any more. */
const MAX_TURNED_AWAY = 10_000;

/** Only basic groups migrate; supergroups and channels have the numbers below these. */
function isBasicGroup(id: number): boolean {
  return id < 0 && id > -1_000_000_000_000;
}

/** Telegram tells it twice, in the old chat and in the new one; either may come first. */
function migrationOf({ chat, migrateToChatId, migrateFromChatId }: UpdateFacts): Migration | null {
  if (chat === null) return null;
  if (migrateToChatId !== null) return { from: chat.id, to: migrateToChatId };
  if (migrateFromChatId !== null) return { from: migrateFromChatId, to: chat.id };
  return null;
}

/** What would admit an update. */
function remedy(facts: UpdateFacts, party: Party | null, chats: Config['chats']): string {
  if (party === null) {
    return `An update of kind ${facts.updateType} names neither chat nor user; such are stored when chats is "any" or "private".`;
  }
  const where = 'in cdktf.json, context.chatbot.chats, or as CHATBOT_CHATS';
  if (chats === 'private') {
    return `Chat ${party.id} is not a private one. To admit it, set chats to "any" or to a list of ids (${where}=any).`;
  }
  return `Chat ${party.id} is not among chats. To admit it, add it (${where}=${[chats, party.id].join(',')}).`;
}

/**
 * Makes the gate of a lake.
 *
 * @param raw where `state/chats/` lies
 */
export function createChatGate(settings: ChatSettings, raw: ObjectStore): ChatGate {
  const { chats, ownerChat, staffChats } = settings;
  const named = new Set([
    ...(Array.isArray(chats) ? chats : []),
    ...(ownerChat === undefined ? [] : [ownerChat]),
    ...staffChats,
  ]);
  /** Groups named in the settings of which no migration is known yet. */
  const unmigrated = new Set([...named].filter(isBasicGroup));
  const successors = new Set<number>();
  const turnedAway = new Set<number | string>();

  const isNamed = (id: number): boolean => named.has(id) || successors.has(id);

  const isAdmitted = (party: Party | null): boolean => {
    if (chats === 'any') return true;
    if (party === null) return chats === 'private';
    return (chats === 'private' && party.isPrivate) || isNamed(party.id);
  };

  /** Another process may have seen a migration: looks before a supergroup is turned away. */
  const learnMigrations = async (): Promise<void> => {
    for (const group of unmigrated) {
      try {
        const state = stateSchema.parse(JSON.parse(await readText(raw, chatStateKey(group))));
        successors.add(state.migrated_to);
        unmigrated.delete(group);
      } catch (error) {
        if (!(error instanceof NotFoundError)) throw error;
      }
    }
  };

  const remember = async ({ from, to }: Migration): Promise<void> => {
    const state = { v: 1, migrated_to: to };
    try {
      const body = Buffer.from(`${JSON.stringify(state)}\n`);
      await raw.put(chatStateKey(from), body, { ifNoneMatch: '*' });
    } catch (error) {
      if (!(error instanceof PreconditionFailedError)) throw error;
    }
    if (named.has(from)) successors.add(to);
    unmigrated.delete(from);
  };

  const turnAway = (facts: UpdateFacts, party: Party | null): Admission => {
    const who = party?.id ?? facts.updateType;
    const isFirst = !turnedAway.has(who) && turnedAway.size < MAX_TURNED_AWAY;
    if (isFirst) turnedAway.add(who);
    return { isOurs: false, reason: remedy(facts, party, chats), isFirst };
  };

  return {
    admit: async (facts) => {
      const party = partyOf(facts);
      const migration = migrationOf(facts);
      let isOurs = isAdmitted(party) || (migration !== null && isNamed(migration.from));
      if (!isOurs && party !== null && party.id < 0) {
        await learnMigrations();
        isOurs = isAdmitted(party);
      }
      if (!isOurs) return turnAway(facts, party);
      if (migration !== null) await remember(migration);
      return { isOurs: true };
    },
  };
}
