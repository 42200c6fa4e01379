import * as z from 'zod';

const boundSchema = z.object({ value: z.string().optional() });

const planSchema = z.object({
  inputTableColumnInfos: z.array(
    z.object({
      table: z.object({ schemaTable: z.object({ table: z.string() }) }),
      constraint: z.object({
        none: z.boolean(),
        columnConstraints: z
          .array(
            z.object({
              columnName: z.string(),
              domain: z.object({
                ranges: z.array(z.object({ low: boundSchema, high: boundSchema })),
              }),
            }),
          )
          .default([]),
      }),
    }),
  ),
});

/** Days that a query reads of a table; null at an end where nothing bounds them. */
export interface InputRange {
  readonly table: string;
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * Which days of which tables a query reads, once for each time that it reads a table.
 *
 * @param plan what Trino answers to EXPLAIN (TYPE IO, FORMAT JSON)
 */
export function inputRanges(plan: string): readonly InputRange[] {
  return planSchema.parse(JSON.parse(plan)).inputTableColumnInfos.map(({ table, constraint }) => {
    const days = constraint.columnConstraints.find(
      ({ columnName }) => columnName === 'context_date',
    );
    const ranges = days?.domain.ranges ?? [];
    return {
      table: table.schemaTable.table,
      from: ranges[0]?.low.value ?? null,
      to: ranges.at(-1)?.high.value ?? null,
    };
  });
}
