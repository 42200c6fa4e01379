import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** How to get what {@link findPython} did not find. */
export const HOW_TO_GET_PYTHON = 'npm run setup:python';

/** How to get LocalStack, if {@link findPython} did not find it. */
export const HOW_TO_GET_LOCALSTACK = 'npm run setup:localstack (Python 3.11)';

/** How to get pandas, Polars and DuckDB, if {@link findPython} did not find them. */
export const HOW_TO_GET_READERS = 'npm run setup:readers';

/**
 * Finds a Python that has a module: the one that the variable CHATBOT_PYTHON names, those of
 * `npm run setup:python`, `setup:localstack` and `setup:readers`, or the one on the PATH.
 *
 * @param module for instance `pyarrow`
 * @returns the interpreter's path or name; null when none has it
 */
export function findPython(module: string): string | null {
  const candidates = [
    process.env['CHATBOT_PYTHON'] ?? '',
    ...['python', 'localstack', 'readers'].map((environment) =>
      fileURLToPath(new URL(`../.cache/${environment}/bin/python`, import.meta.url)),
    ),
    'python3',
  ];
  const code = `import importlib.util, sys; sys.exit(importlib.util.find_spec("${module}") is None)`;
  return (
    candidates.find((python) => python !== '' && spawnSync(python, ['-c', code]).status === 0) ??
    null
  );
}
