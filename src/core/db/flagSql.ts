import { truthy } from './columns.ts';

const words = [...truthy].map((word) => `'${word}'`).join(', ');

/**
 * An SQL condition for a boolean column in any of the forms it is stored in, as {@link ColumnReader.boolean} reads it.
 * Tries what nearly every row holds first, since it runs for each row of large tables. `column` is an SQL expression.
 */
export function flagSql(column: string): string {
  const isTruthyText = `lower(trim(${column})) IN (${words})`;
  const isNumber = `typeof(${column}) IN ('integer', 'real')`;
  return `(${column} = 1 OR (${column} <> 0 AND (${isNumber} OR ${isTruthyText})))`;
}
