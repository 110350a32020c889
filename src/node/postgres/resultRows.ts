import * as z from 'zod';
import { countsForBatch } from '../../core/drain/drainLedger.ts';
import { storedResult, toStoredResult } from '../../core/drain/hygieneSession.ts';
import { tokensUsed, type DrainResult } from '../../core/drain/drainResult.ts';
import { maskedJson } from '../../core/text/maskSecrets.ts';
import { totalCost } from '../../core/model/modelCall.ts';
import type { LeaseProof } from '../../core/model/phase.ts';
import type { PostgresConnection } from './connection.ts';
import { drainTables } from './drainTables.ts';

const { drains, leases, results: table } = drainTables;

/** JSON that a server takes whatever texts are in it: without secrets, zeros and halves of characters. */
export function serverJson(value: unknown): string {
  return JSON.stringify(value, (key, each: unknown) => {
    const masked: unknown = maskedJson(key, each);
    return typeof masked === 'string'
      ? masked.replaceAll('\0', '').replaceAll(/\p{Surrogate}/gu, '\u{FFFD}')
      : masked;
  });
}

/** Whose results they are. */
interface ResultOwner {
  readonly drain: string;
  readonly worker: string;
  readonly fence: string;
}

/** Parameters of {@link adding}, from the second on. */
function added({ worker, fence }: Omit<ResultOwner, 'drain'>, results: readonly DrainResult[]): string[] {
  const count = (is: (result: DrainResult) => boolean): string => String(results.filter(is).length);
  const sum = (of: (result: DrainResult) => number): string =>
    String(results.reduce((total, result) => total + of(result), 0));
  return [
    ...[String(results.length), count(({ success }) => success), count(countsForBatch), sum(tokensUsed)],
    sum(({ spend }) => (spend === undefined ? 0 : totalCost(spend.cost))),
    ...[worker, fence, serverJson(results.map(toStoredResult))],
  ];
}

/**
 * Adds results behind all that were added before, and what they used to what the drain has spent, if `condition` holds. Until
 * the end of the transaction nobody else adds any.
 */
const adding = (condition: string): string => `
  booked AS (
    UPDATE ${drains} SET results = results + $2::bigint, succeeded = succeeded + $3::bigint,
      taken = taken + $4::bigint, tokens = tokens + $5::bigint, cost = cost + $6::float8
    WHERE id = $1 AND ${condition} RETURNING results),
  added AS (
    INSERT INTO ${table} (drain, number, worker, fence, result)
    SELECT $1, booked.results - $2::bigint + position, $7::bigint, $8::bigint, result
    FROM booked, jsonb_array_elements($9::jsonb) WITH ORDINALITY AS brought (result, position))`;

/** Adds results that no lease is known of. */
export async function addResults(
  connection: PostgresConnection,
  drain: string,
  results: readonly DrainResult[],
): Promise<void> {
  await connection.rows(`WITH ${adding('true')} SELECT results FROM booked`, [
    drain,
    ...added({ worker: '0', fence: '0' }, results),
  ]);
}

/** Puts results, by their place among all of a drain, in the place of what was recorded: their phases were set right since. */
export async function correctResults(
  connection: PostgresConnection,
  drain: string,
  results: readonly DrainResult[],
  places: readonly number[],
): Promise<void> {
  for (const place of places) {
    const result = results[place];
    if (result === undefined) continue;
    await connection.run(`UPDATE ${table} SET result = $3::jsonb WHERE drain = $1 AND number = $2::bigint`, [
      drain,
      String(place + 1),
      serverJson(toStoredResult(result)),
    ]);
  }
}

/**
 * Books what an execution came to and ends its lease: in one statement, so that those who settle wait for each other as
 * shortly as can be. `false` where the lease is not held any more.
 */
export async function settleLease(
  connection: PostgresConnection,
  { drain, worker }: Omit<ResultOwner, 'fence'>,
  { runId, phaseId, fence }: LeaseProof,
  results: readonly DrainResult[],
): Promise<boolean> {
  const isHeld = 'run_id = $10 AND phase_id = $11 AND fence = $8::bigint AND ended_at IS NULL';
  const settled = await connection.rows(
    `WITH held AS (SELECT 1 FROM ${leases} WHERE ${isHeld} FOR UPDATE),
       ${adding('EXISTS (SELECT 1 FROM held)')},
       ended AS (
         UPDATE ${leases} SET ended_at = clock_timestamp(), ended_at_result = booked.results, in_flight = NULL
         FROM booked WHERE ${isHeld})
     SELECT results FROM booked`,
    [drain, ...added({ worker, fence }, results), runId, phaseId],
  );
  // The answer to an earlier try may have been lost on its way.
  return settled.length > 0 || (await isBooked(connection, drain, fence));
}

async function isBooked(connection: PostgresConnection, drain: string, fence: string): Promise<boolean> {
  const rows = await connection.rows(
    `SELECT 1 FROM ${table} WHERE drain = $1 AND fence = $2::bigint LIMIT 1`,
    [drain, fence],
  );
  return rows.length > 0;
}

/** Results as a server gives them: a list in JSON. */
export function resultsFrom(text: string | null | undefined): DrainResult[] {
  return z.array(storedResult).parse(JSON.parse(text ?? '[]'));
}

/** A list of the results of drain `d` in their order, of those with a number above the second parameter. */
export const resultList = `(SELECT coalesce(jsonb_agg(result ORDER BY number), '[]')
  FROM ${table} WHERE drain = d.id AND number > $2::bigint)`;

/** All results of a drain in their order; `null` where there is no such drain. */
export async function readAllResults(
  connection: PostgresConnection,
  drain: string,
): Promise<DrainResult[] | null> {
  const [row] = await connection.rows(`SELECT ${resultList} FROM ${drains} d WHERE d.id = $1`, [drain, '0']);
  return row === undefined ? null : resultsFrom(row[0]);
}
