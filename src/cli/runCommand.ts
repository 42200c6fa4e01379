import { type Command, CommanderError } from 'commander';

import { HeaderError } from '../analytics/header.ts';
import { DialectError } from '../analytics/athena/dialect.ts';
import { ScopeError } from '../analytics/scope.ts';
import { ConfigError } from '../config/load.ts';
import { CourseError } from '../lake/course/survey.ts';
import { DayError } from '../lake/days.ts';
import { StandInError } from '../lake/erase/person.ts';
import { readEnvironment } from '../local/environment.ts';
import { type CommandContext, commandContext } from './context.ts';
import { EXIT, UsageError } from './errors.ts';
import { createProgram } from './program.ts';
import type { Input } from './readToken.ts';

/** What was asked for cannot be, whatever state the lake is in. */
const MISUSES = [
  ...[UsageError, ConfigError, CourseError, DayError, DialectError],
  ...[HeaderError, RangeError, ScopeError, StandInError],
];

/** A command, those below it, and so on. */
function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

/**
 * Runs a command line.
 *
 * @param args what follows the program's name
 * @returns the exit code: 0 done, 1 failed, 2 called in a wrong way
 */
export async function runCommand(
  args: readonly string[],
  world: Pick<CommandContext, 'output' | 'now' | 'signal'> & {
    readonly input?: Input;
    readonly env: Readonly<Record<string, string | undefined>>;
  },
): Promise<number> {
  const { output, env, signal } = world;
  const program = createProgram(() => commandContext(world));
  for (const command of withSubcommands(program)) {
    command.exitOverride().configureOutput({
      writeOut: (text) => {
        output.write(text);
      },
      writeErr: (text) => {
        output.note(text.trimEnd());
      },
    });
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    // Commander has said it already, or was asked for help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (signal.aborted && error === signal.reason) {
      output.note('Interrupted.');
      return EXIT.failure;
    }
    const problem = error instanceof Error ? error : new Error(String(error));
    output.note(readEnvironment(env).debug ? (problem.stack ?? problem.message) : problem.message);
    return MISUSES.some((misuse) => problem instanceof misuse) ? EXIT.usage : EXIT.failure;
  }
}
