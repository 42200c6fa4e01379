import { readFileSync } from 'node:fs';

import { type Analysis, parseAnalysis } from '../../src/analytics/analyses.ts';
import type { Engine } from '../../src/analytics/engine.ts';
import type { ResultValue } from '../../src/analytics/result.ts';
import type { Scope } from '../../src/analytics/scope.ts';

/** Rows that an analysis gives; nothing for those that are not named. */
export type Script = Readonly<
  Record<string, (scope: Scope) => readonly (readonly ResultValue[])[]>
>;

/** An engine whose analyses are those of `sql/`, and whose rows are the test's. */
export interface ScriptedEngine extends Engine {
  /** What was asked, in order. */
  readonly asked: { readonly name: string; readonly scope: Scope }[];
}

/** @param names analyses that it has, in this order */
export function scriptedEngine(names: readonly string[], script: Script): ScriptedEngine {
  const analyses = names.map((name): Analysis => {
    const file = new URL(`../../sql/${name}.sql`, import.meta.url);
    return parseAnalysis(`${name}.sql`, readFileSync(file, 'utf8'));
  });
  const asked: ScriptedEngine['asked'] = [];
  return {
    analyses,
    asked,
    run: () => Promise.reject(new Error('Nothing but analyses is asked.')),
    async runAnalysis(name, scope = {}) {
      asked.push({ name, scope });
      await Promise.resolve();
      const analysis = analyses.find((one) => one.name === name);
      if (analysis === undefined) throw new RangeError(`There is no analysis "${name}".`);
      return {
        columns: analysis.columns.map((column) => column.name),
        types: analysis.columns.map((column) => column.type),
        rows: script[name]?.(scope) ?? [],
        ms: 1,
      };
    },
    close: () => undefined,
  };
}
