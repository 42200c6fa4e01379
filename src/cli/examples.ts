/** Examples under a command's help. @param lines what follows the program's name */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ chatbot ${line}`).join('\n')}`;
}
