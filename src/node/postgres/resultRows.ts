import { countsForBatch } from '../../core/drain/drainLedger.ts';
import { storedResult, toStoredResult } from '../../core/drain/hygieneSession.ts';
import { tokensUsed, type DrainResult } from '../../core/drain/drainResult.ts';
import { totalCost } from '../../core/model/modelCall.ts';
import type { PostgresConnection } from './connection.ts';
import { drainTables } from './drainTables.ts';

const { drains, results: table } = drainTables;

/** Whose results they are. */
interface ResultOwner {
  readonly drain: string;
  readonly worker: string;
  readonly fence: string;
}

/**
 * Adds what an execution came to, behind all that was added before, and to what the drain has spent. Answers with the number
 * of the last. In a transaction: until its end no other result is added.
 */
export async function bookResults(
  connection: PostgresConnection,
  { drain, worker, fence }: ResultOwner,
  results: readonly DrainResult[],
): Promise<number> {
  const count = (is: (result: DrainResult) => boolean): string => String(results.filter(is).length);
  const sum = (of: (result: DrainResult) => number): string =>
    String(results.reduce((total, result) => total + of(result), 0));
  const [[last = '0'] = []] = await connection.rows(
    `UPDATE ${drains} SET results = results + $2::bigint, succeeded = succeeded + $3::bigint,
       taken = taken + $4::bigint, tokens = tokens + $5::bigint, cost = cost + $6::float8
     WHERE id = $1 RETURNING results`,
    [
      drain,
      String(results.length),
      count(({ success }) => success),
      count(countsForBatch),
      sum(tokensUsed),
      sum(({ spend }) => (spend === undefined ? 0 : totalCost(spend.cost))),
    ],
  );
  const first = Number(last) - results.length + 1;
  await connection.run(
    `INSERT INTO ${table} (drain, number, worker, fence, result)
     SELECT $1, $2::bigint + position - 1, $3::bigint, $4::bigint, result
     FROM jsonb_array_elements($5::jsonb) WITH ORDINALITY AS added (result, position)`,
    [
      drain,
      String(first),
      worker,
      fence,
      JSON.stringify(results.map(toStoredResult)).replaceAll('\\u0000', ''),
    ],
  );
  return Number(last);
}

/** The number of the last result that was added for a lease; `null` where there is none. */
export async function bookedFor(
  connection: PostgresConnection,
  { drain, fence }: Pick<ResultOwner, 'drain' | 'fence'>,
): Promise<number | null> {
  const [[last = null] = []] = await connection.rows(
    `SELECT max(number) FROM ${table} WHERE drain = $1 AND fence = $2::bigint`,
    [drain, fence],
  );
  return last === null ? null : Number(last);
}

/** The results of a drain with numbers above `after`, up to `last`, in their order. */
export async function readResults(
  connection: PostgresConnection,
  drain: string,
  after: number,
  last: number,
): Promise<DrainResult[]> {
  if (last <= after) return [];
  const rows = await connection.rows(
    `SELECT result FROM ${table} WHERE drain = $1 AND number > $2::bigint AND number <= $3::bigint ORDER BY number`,
    [drain, String(after), String(last)],
  );
  return rows.map(([result]) => storedResult.parse(JSON.parse(result ?? '')));
}

/** All results of a drain in their order; `null` where there is no such drain. */
export async function readAllResults(
  connection: PostgresConnection,
  drain: string,
): Promise<DrainResult[] | null> {
  const [[last = null] = []] = await connection.rows(`SELECT results FROM ${drains} WHERE id = $1`, [drain]);
  return last === null ? null : readResults(connection, drain, 0, Number(last));
}
