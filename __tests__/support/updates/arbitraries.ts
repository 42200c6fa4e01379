import fc from 'fast-check';
import { CONTENT_TYPES } from '../../../src/telegram/content.ts';
import { UPDATE_TYPES, type UpdateType } from '../../../src/telegram/updateTypes.ts';
import { CONTENTS } from './contents.ts';
import { NOON, UPDATES } from './fixtures.ts';

/** An update as JSON holds it: a number, and whatever Telegram sent beside it. */
export type AnyUpdate = Record<string, unknown> & { update_id: number };

type Fields = Record<string, unknown>;

/** Leaves out the keys whose value is undefined, as JSON does. */
function present(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function optional<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined, freq: 2 });
}

/** Ids have up to 52 significant bits. */
const id = fc.oneof(fc.integer({ min: 0, max: 1_000 }), fc.maxSafeInteger().map(toId));

function toId(value: number): number {
  return Math.abs(value) % 2 ** 52;
}

/** Text with emoji, combining marks, line breaks and the odd quote. */
const text = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'Vocês abrem no sábado?',
      'quanto custa a entrega 🚚',
      '/start verao26',
      '/help@loja_da_maria_bot',
      '👩‍👩‍👧‍👦 "família"\n\tde emoji',
      'null',
    ),
  },
);

/** A few months around the fixtures. */
const date = fc.integer({ min: NOON - 5_000_000, max: NOON + 5_000_000 });

const user = fc
  .record({
    id,
    is_bot: fc.boolean(),
    first_name: text,
    last_name: optional(text),
    username: optional(fc.stringMatching(/^[a-z]\w{4,12}$/)),
    language_code: optional(fc.constantFrom('pt-br', 'pt', 'en', 'es', 'zh-hans')),
  })
  .map(present);

const chat = fc.oneof(
  fc.record({ id, type: fc.constant('private'), first_name: text }),
  fc.record({
    id: id.map((value) => -1 - value),
    type: fc.constantFrom('group', 'supergroup', 'channel'),
    title: text,
  }),
);

/** What stands around a message's content. */
const messageFrame = fc
  .record({
    message_id: fc.nat(),
    date,
    chat,
    from: optional(user),
    sender_chat: fc.option(chat, { nil: undefined, freq: 8 }),
    edit_date: fc.option(date, { nil: undefined, freq: 8 }),
    message_thread_id: optional(fc.nat()),
    media_group_id: optional(fc.stringMatching(/^\d{8,17}$/)),
    via_bot: fc.option(user, { nil: undefined, freq: 8 }),
    reply_to_message: optional(fc.record({ message_id: fc.nat(), date, chat, from: user, text })),
  })
  .map(present);

const content = fc.oneof(
  fc.record({ text }),
  fc.constantFrom(...CONTENT_TYPES).map((type): Fields => ({ ...CONTENTS[type] })),
  fc
    .tuple(fc.constantFrom('photo', 'video', 'document', 'voice'), text)
    .map(([type, caption]): Fields => ({ [type]: CONTENTS[type][type], caption })),
);

const message = fc
  .tuple(messageFrame, content)
  .map(([frame, part]): Fields => ({ ...frame, ...part }));

const editedMessage = fc
  .tuple(message, fc.nat({ max: 172_800 }))
  .map(([fields, later]) => ({ ...fields, edit_date: Number(fields['date']) + later }));

const MESSAGES: readonly UpdateType[] = [
  'message',
  'channel_post',
  'business_message',
  'guest_message',
];
const EDITS: readonly UpdateType[] = [
  'edited_message',
  'edited_channel_post',
  'edited_business_message',
];

/** Fresh values for the fields that other kinds of update have at their top. */
const FRESH: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  chat,
  from: user,
  user,
  date,
  remove_date: date,
  message_id: fc.nat(),
  data: text,
  query: text,
  new_reaction: fc.array(
    fc.oneof(
      fc.constantFrom('❤', '👍', '🌭').map((emoji) => ({ type: 'emoji', emoji })),
      fc.constant({ type: 'paid' }),
    ),
    { maxLength: 3 },
  ),
};

function payload(type: UpdateType): fc.Arbitrary<Fields> {
  if (MESSAGES.includes(type)) return message;
  if (EDITS.includes(type)) return editedMessage;
  const fixture = (UPDATES[type] as unknown as Readonly<Record<UpdateType, Fields>>)[type];
  const varied = Object.entries(FRESH).filter(([field]) => field in fixture);
  return fc
    .record(Object.fromEntries(varied))
    .map((fresh): Fields => ({ ...structuredClone(fixture), ...fresh }));
}

/** Valid updates of the kind. */
export function arbitraryUpdateOf(type: UpdateType): fc.Arbitrary<AnyUpdate> {
  return fc
    .tuple(fc.nat(), payload(type))
    .map(([update_id, fields]): AnyUpdate => ({ update_id, [type]: fields }));
}

/** Valid updates of all kinds, about half of them messages. */
export function arbitraryUpdate(): fc.Arbitrary<AnyUpdate> {
  return fc.oneof(
    { weight: 1, arbitrary: arbitraryUpdateOf('message') },
    { weight: 1, arbitrary: fc.constantFrom(...UPDATE_TYPES).chain(arbitraryUpdateOf) },
  );
}

/** Something to break an update with, at a place in it. */
interface Damage {
  /** Steps down the tree: at each object or array, which child (modulo their number). */
  readonly path: readonly number[];
  readonly how: 'drop' | 'replace' | 'add';
  readonly value: unknown;
}

/** Values of wrong types and at the edges of right ones. */
const wrong = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, '', [], {}, -1, 0, 0.5, 1e300, 2 ** 53, -(2 ** 53)),
  fc.constantFrom<unknown>('\ud800', '2026-01-15', { id: 'x' }, [null], [[1]], { length: 3 }),
  fc.jsonValue({ maxDepth: 2 }),
);

const damage: fc.Arbitrary<Damage> = fc.record({
  path: fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 5 }),
  how: fc.constantFrom('drop', 'replace', 'add'),
  value: wrong,
});

/** Breaks one place of a tree; the root object stays an object. */
function applyDamage(tree: Fields, { path, how, value }: Damage): void {
  let node: Fields = tree;
  for (const [depth, step] of path.entries()) {
    const keys = Object.keys(node);
    const key = keys[step % Math.max(keys.length, 1)];
    if (key === undefined) return;
    const child = node[key];
    if (depth < path.length - 1 && typeof child === 'object' && child !== null) {
      node = child as Fields;
      continue;
    }
    if (how === 'add') node[`unheard_of_${step}`] = structuredClone(value);
    else if (how === 'replace') node[key] = structuredClone(value);
    else if (Array.isArray(node)) node.splice(Number(key), 1);
    else Reflect.deleteProperty(node, key);
    return;
  }
}

/**
 * Updates that are damaged or of a future Bot API, in one to four places. Each still is an update:
 * an object with an integer `update_id`.
 */
export function arbitraryDamagedUpdate(): fc.Arbitrary<AnyUpdate> {
  return fc
    .tuple(arbitraryUpdate(), fc.array(damage, { minLength: 1, maxLength: 4 }))
    .map(([update, damages]): AnyUpdate => {
      const broken: Fields = structuredClone(update);
      for (const one of damages) applyDamage(broken, one);
      return { ...broken, update_id: update.update_id };
    });
}

/** Texts that are no update at all: no JSON, no object, no integer `update_id`. */
export function arbitraryNotAnUpdate(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom('', ' ', '{', '[]', 'null', '"update"', '{}', '﻿{"update_id":1}', 'undefined'),
    fc.constantFrom('{"update_id":"7"}', '{"update_id":null}', '{"update_id":1.5}'),
    fc.constantFrom('{"update_id":9007199254740993}', '{"update_id":1e400}', '[{"update_id":1}]'),
    arbitraryUpdate()
      // Cut between code points: half an emoji is no text that UTF-8 could carry.
      .map((update) => Array.from(JSON.stringify(update)))
      .chain((json) => fc.nat({ max: json.length - 1 }).map((cut) => json.slice(0, cut).join(''))),
  );
}
