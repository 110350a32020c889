import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import * as z from 'zod';
import { ownSchemaName } from '../../core/db/schema/postgresOwnSchema.ts';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import { counted, formatBytes } from '../../core/text/quantities.ts';
import type { AppliedRow } from './applyChanges.ts';
import type { PostgresConnection } from './connection.ts';

const table = `${ownSchemaName}.undo`;
/** Of how many changes the rows before are kept, and in how many bytes, compressed. */
const keptChanges = 20;
const keptBytes = 50 << 20;
/** What one row of the table holds at most, in bytes. */
const partBytes = 4 << 20;
/** What a change comes to at most when it is unpacked, in bytes. */
const mostBytes = 1 << 30;

const texts = z.record(z.string(), z.string().nullable());
const storedRow = z.object({
  table: z.string(),
  key: texts,
  before: texts.nullable(),
  after: texts.nullable(),
});
const storedChange = z.object({ version: z.literal(1), rows: z.array(storedRow) });

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** What is kept for the way back. */
export interface KeptRows {
  /** How many rows of this change. */
  readonly rows: number;
  /** The oldest change that can still be undone. */
  readonly oldest: number;
}

/**
 * Keeps the rows of a change as they were and as they are, in the transaction of the change, and lets the oldest go. Throws
 * `too-large` for a change that no table of ours could hold.
 */
export async function keepRows(
  connection: PostgresConnection,
  serial: number,
  rows: readonly AppliedRow[],
  path: string,
): Promise<KeptRows> {
  const body = await pack(JSON.stringify({ version: 1, rows }));
  if (body.length > keptBytes) {
    throw new UserFacingError(
      'too-large',
      t`Nothing was written to ${path}: the ${counted(rows.length, 'row')} that would change come to ${formatBytes(body.length)}, and no more than ${formatBytes(keptBytes)} are kept for the way back.`,
      t`Change fewer rows at a time.`,
    );
  }
  for (let part = 0; part * partBytes < body.length; part++) {
    const some = body.subarray(part * partBytes, (part + 1) * partBytes);
    const values = [String(serial), String(part), `\\x${some.toString('hex')}`];
    await connection.run(`INSERT INTO ${table} VALUES ($1, $2, $3::bytea)`, values);
  }
  await connection.run(`DELETE FROM ${table} WHERE serial IN (
    SELECT serial FROM (
      SELECT serial, row_number() OVER (ORDER BY serial DESC) AS place, sum(bytes) OVER (ORDER BY serial DESC) AS bytes
      FROM (SELECT serial, sum(octet_length(body)) AS bytes FROM ${table} GROUP BY serial) AS changes
    ) AS ordered WHERE place > ${keptChanges} OR (bytes > ${keptBytes} AND place > 1))`);
  const [[oldest] = []] = await connection.rows(`SELECT min(serial) FROM ${table}`);
  return { rows: rows.length, oldest: Number(oldest ?? serial) };
}

/** The rows of a change as they were kept. Throws `not-found` where they are not, or no longer. */
export async function keptRowsOf(
  connection: PostgresConnection,
  serial: number,
  path: string,
): Promise<AppliedRow[]> {
  const parts = await connection.rows(`SELECT body FROM ${table} WHERE serial = $1 ORDER BY part`, [
    String(serial),
  ]);
  if (parts.length === 0) {
    throw new UserFacingError(
      'not-found',
      t`The rows from before change ${serial} of ${path} are not kept: only bulk changes keep them, and the last ${keptChanges} of those.`,
      t`List the changes with "journal", or restore a dump that was made with pg_dump.`,
    );
  }
  const body = Buffer.concat(parts.map(([part]) => Buffer.from((part ?? '').slice(2), 'hex')));
  const text = (await unpack(body, { maxOutputLength: mostBytes })).toString();
  return storedChange.parse(JSON.parse(text)).rows;
}
