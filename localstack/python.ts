import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** How to get what {@link findPython} did not find. */
export const HOW_TO_GET_PYTHON = 'npm run setup:python';

/**
 * Finds a Python that has a module: the one that the variable CHATBOT_PYTHON names, that of
 * `npm run setup:python`, or the one on the PATH.
 *
 * @param module for instance `pyarrow`
 * @returns the interpreter's path or name; null when none has it
 */
export function findPython(module: string): string | null {
  const candidates = [
    process.env['CHATBOT_PYTHON'] ?? '',
    fileURLToPath(new URL('../.cache/python/bin/python', import.meta.url)),
    'python3',
  ];
  const code = `import importlib.util, sys; sys.exit(importlib.util.find_spec("${module}") is None)`;
  return (
    candidates.find((python) => python !== '' && spawnSync(python, ['-c', code]).status === 0) ??
    null
  );
}
