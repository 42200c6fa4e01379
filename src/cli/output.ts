import process from 'node:process';

import pc from 'picocolors';

/** Where a command writes. */
export interface Output {
  /** One line of the result, to standard output. */
  print(line: string): void;
  /** The result as it is, to standard output: bytes of a file, for instance. */
  write(content: string | Uint8Array): void;
  /** One line about the work, to standard error. */
  note(line: string): void;
  /** A line about long work that replaces the one before; nothing where nobody watches. */
  progress(line: string): void;
  /** Whether standard output is a terminal. */
  readonly isTerminal: boolean;
  /** Whether to write colours: a terminal, and NO_COLOR is not set. */
  readonly color: boolean;
}

const CLEAR_LINE = '\r\u001b[2K';

/** Writes to the process's own streams. */
export function processOutput(): Output {
  const { stdout, stderr } = process;
  let hasProgress = false;
  const clear = () => {
    if (hasProgress) stderr.write(CLEAR_LINE);
    hasProgress = false;
  };
  return {
    print(line) {
      clear();
      stdout.write(`${line}\n`);
    },
    write(content) {
      clear();
      stdout.write(content);
    },
    note(line) {
      clear();
      stderr.write(`${line}\n`);
    },
    progress(line) {
      if (!stderr.isTTY) return;
      // A line that wraps could not be cleared.
      stderr.write(`${CLEAR_LINE}${line.slice(0, stderr.columns - 1)}`);
      hasProgress = line !== '';
    },
    isTerminal: stdout.isTTY,
    // Not picocolors' own word alone: it takes CI for a terminal.
    color: stdout.isTTY && pc.isColorSupported,
  };
}
