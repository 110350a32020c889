import type { Row, WriteDatabase, WriteOperation } from '../db/databasePorts.ts';
import { TolerantSchema } from '../db/tolerantSchema.ts';
import { counted } from '../text/quantities.ts';
import { approvalTableName } from './operation.ts';
import { writeNames, type ProtectedOperation } from './protection.ts';
import type { Sha256Hex } from './schemaFacts.ts';

/**
 * The table of approvals, in the database that they are for: to forge, edit or use one twice is to write that file, which
 * needs no approval. What lies beside the database has no say. A column called `run_id` would be deleted with its run.
 */
const table = approvalTableName;

const createTable = `CREATE TABLE ${table} (
  id TEXT PRIMARY KEY,
  operation TEXT NOT NULL,
  digest TEXT NOT NULL,
  database_id TEXT,
  path TEXT,
  file_id TEXT,
  rows_left INTEGER NOT NULL,
  approved_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
)`;
const columns: readonly string[] = [
  'id',
  'operation',
  'digest',
  'database_id',
  'path',
  'file_id',
  'rows_left',
  'approved_at',
  'expires_at',
  'used_at',
];

/** How long an approval of a command holds, in minutes, unless said otherwise, and at most. */
export const approvalMinutes = { usual: 10, most: 60 } as const;
/** How long one for CI holds at most, in days. */
export const mostApprovalDays = 90;
/** A used or expired approval is told from none for so long, in ms. */
const rememberedMs = 7 * 24 * 3_600_000;

/** A write that somebody wants to make, and all that an approval of it is bound to. */
export interface ApprovableWrite {
  readonly operation: ProtectedOperation;
  /** `null` in a database that was not adopted. */
  readonly databaseId: string | null;
  /** Absolute and real. */
  readonly path: string;
  /** `device:inode`. */
  readonly fileId: string;
  /** How many rows it changes of what it is about. */
  readonly rows: number;
  /** Which rows those are, and what becomes of them, as JSON. */
  readonly params: unknown;
}

/** What an approval of one command is known by: the digest of everything that it is bound to. */
export function approvalDigest(write: ApprovableWrite, sha256Hex: Sha256Hex): string {
  const { operation, databaseId, path, fileId, rows, params } = write;
  return sha256Hex(JSON.stringify([operation, databaseId, path, fileId, rows, params]));
}

/** An approval to be kept: of one command by its digest, or one for CI by the digest of its token. Times are ms since the epoch. */
export interface Approval {
  /** Random. */
  readonly id: string;
  readonly operation: ProtectedOperation;
  readonly digest: string;
  readonly databaseId: string | null;
  /** Absolute and real, with the `device:inode` there; `null` for CI, where the database may lie elsewhere. */
  readonly file: { readonly path: string; readonly fileId: string } | null;
  /** Rows that it is for: of one command, or of all commands in CI together. */
  readonly rows: number;
  readonly approvedAt: number;
  readonly expiresAt: number;
}

/** Keeps an approval that a human gave. */
export const grantApprovalOperation: WriteOperation<Approval, void> = {
  name: 'approve',
  subject: ({ operation, rows, file }) => ({ operation, phases: rows, for: file === null ? 'CI' : 'once' }),
  run(db, { id, operation, digest, databaseId, file, rows, approvedAt, expiresAt }) {
    if (!TolerantSchema.read(db).hasTable(table)) db.run(createTable);
    db.run(`DELETE FROM ${table} WHERE expires_at < ?`, [approvedAt - rememberedMs]);
    db.run(
      `INSERT INTO ${table} (${columns.join(', ')}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)`,
      [
        ...[id, operation, digest, databaseId, file?.path ?? null, file?.fileId ?? null],
        ...[rows, approvedAt, expiresAt],
      ],
      1,
    );
  },
};

/** A use of an approval; `now` is ms since the epoch. */
export interface ApprovalUse extends Omit<ApprovableWrite, 'params'> {
  /** See {@link approvalDigest}, or the digest of a token. */
  readonly digest: string;
  readonly isToken: boolean;
  readonly now: number;
}

/** What came of using an approval: where it does not hold, why, as what is said of it; `null` where there is none. */
export type ApprovalAnswer =
  { readonly isUsed: true } | { readonly isUsed: false; readonly problem: string | null };

/** Uses an approval up, in one transaction, so that of two processes one gets it. */
export const useApprovalOperation: WriteOperation<ApprovalUse, ApprovalAnswer> = {
  name: 'use-approval',
  subject: ({ operation, rows }) => ({ operation, phases: rows }),
  run(db, use) {
    const found = findApproval(db, use);
    if (found === null) return { isUsed: false, problem: null };
    const problem = problemOf(found, use);
    if (problem !== null) return { isUsed: false, problem };
    const left = use.isToken ? Number(found.rows_left) - Math.max(use.rows, 1) : 0;
    db.run(
      `UPDATE ${table} SET rows_left = ?, used_at = ? WHERE id = ?`,
      [left, use.now, found.id ?? null],
      1,
    );
    return { isUsed: true };
  },
};

/** The best there is: one that can be used before those that cannot, the newest first. */
function findApproval(db: WriteDatabase, { digest, now }: ApprovalUse): Row | null {
  if (!TolerantSchema.read(db).hasTable(table)) return null;
  const [row] = db.all(
    `SELECT ${columns.join(', ')} FROM ${table} WHERE digest = ?
     ORDER BY rows_left > 0 AND expires_at > ? DESC, approved_at DESC LIMIT 1`,
    [digest, now],
  );
  return row ?? null;
}

function problemOf(found: Row, use: ApprovalUse): string | null {
  const { operation, rows, databaseId, path, fileId, isToken, now } = use;
  if (found.operation !== operation) {
    return `is for ${String(found.operation)}, and this is ${writeNames()[operation].toLowerCase()}`;
  }
  if (found.database_id !== databaseId) return 'is for another database';
  if (!isToken && (found.path !== path || found.file_id !== fileId)) return 'is for another file';
  if (isToken !== (found.path === null)) return 'is of another kind';
  const expiresAt = Number(found.expires_at);
  if (now < Number(found.approved_at) || now >= expiresAt) {
    return `expired at ${new Date(expiresAt).toISOString()}`;
  }
  const left = Number(found.rows_left);
  if (left <= 0) return 'was used already';
  if (Math.max(rows, 1) > left) return `is for ${counted(left, 'more row')}, and this changes ${rows}`;
  return null;
}

/** Forgets every approval: those of a restored backup were given for a state that is gone. */
export const forgetApprovalsOperation: WriteOperation<null, void> = {
  name: 'forget-approvals',
  run(db) {
    if (TolerantSchema.read(db).hasTable(table)) db.run(`DELETE FROM ${table}`);
  },
};
