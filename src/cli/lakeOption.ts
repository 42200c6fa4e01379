import { InvalidArgumentError, Option } from 'commander';

/** @throws InvalidArgumentError when a folder cannot have this name everywhere */
function readName(text: string): string {
  if (/^[a-z0-9][a-z0-9_-]{0,30}$/.test(text)) return text;
  throw new InvalidArgumentError('A lake is named by up to 31 of a-z, 0-9, "_" and "-".');
}

/** Which lake of this machine a command works on. */
export function lakeOption(): Option {
  return new Option('--lake <lake>', 'which lake: own, sample, or one that an import has made')
    .argParser(readName)
    .default('own');
}
