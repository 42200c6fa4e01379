import type { Entry, RecordRef } from '../../../src/local/api.ts';
import { isSame } from '../chat/sameRecord.ts';
import type { Catalogue } from '../i18n/en.ts';

/** The entry that a record brought about: the person's rather than the bot's answer to it. */
export function entryOf(entries: readonly Entry[], ref: RecordRef): Entry | undefined {
  const about = entries.filter((entry) => recordsOf(entry).some((record) => isSame(record, ref)));
  return about.find(({ by }) => by !== 'bot') ?? about[0];
}

/** An entry's updates with a name each: the message, its edit, its reactions. */
export function updatesOf(
  entry: Entry,
  text: Catalogue,
): readonly { readonly label: string; readonly record: RecordRef }[] {
  const names = text.trace.updateOf;
  return [
    { label: names.message, record: entry.record },
    ...(entry.edit ? [{ label: names.edit, record: entry.edit.record }] : []),
    ...entry.reactions.map(({ emoji, record }) => ({ label: names.reaction(emoji), record })),
  ];
}

function recordsOf({ record, edit, reactions }: Entry): readonly RecordRef[] {
  return [record, ...(edit ? [edit.record] : []), ...reactions.map((reaction) => reaction.record)];
}
