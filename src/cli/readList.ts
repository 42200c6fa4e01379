import { InvalidArgumentError } from 'commander';

/** Ids of chats, separated by commas. @throws InvalidArgumentError when one is none */
export function readChats(text: string): readonly number[] {
  return readList(text).map((part) => {
    const chat = Number(part);
    if (!/^-?\d+$/.test(part) || !Number.isSafeInteger(chat))
      throw new InvalidArgumentError(`"${part}" is no id of a chat: write 123,-100456.`);
    return chat;
  });
}

/** Texts separated by commas. @throws InvalidArgumentError when there is none */
export function readList(text: string): readonly string[] {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  if (parts.length === 0) throw new InvalidArgumentError('Nothing is named.');
  return parts;
}
