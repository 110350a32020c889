import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import { CancelledError, UserFacingError } from '../../core/errors.ts';
import type { DatabaseFingerprint } from '../../core/identity/databaseFingerprint.ts';
import type { PinVerdict } from '../../core/identity/databasePin.ts';
import type { RunSummary } from '../../core/model/run.ts';
import type { ClockPort } from '../../core/ports.ts';
import { t } from '../../core/text/l10n.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { guardOf } from './guardOf.ts';
import type { DatabaseLook } from './databaseCandidate.ts';
import { problemWords } from './databaseStatus.ts';
import { isVirtualPath, uriOfPath } from './virtualPaths.ts';

/** What looking needs. */
export interface LookDeps {
  readonly reader: DatabaseReader;
  readonly clock: ClockPort;
}

/**
 * Finds out what a file is, for the list of databases: by questions that are quick however large it is.
 * Never rejects, for one bad file must not end the list.
 */
export async function lookIntoDatabase(
  { reader, clock }: LookDeps,
  path: string,
  signal: AbortSignal,
): Promise<DatabaseLook> {
  try {
    const changedAt = isPostgresPath(path) ? null : await modificationTime(path);
    const { fingerprint, ...memory } = await recall({ reader, clock }, path, signal);
    if (!fingerprint.isAutopack) return { kind: 'other', reason: t`not an Autopack database` };
    const { value: runs } = await reader.request(path, 'listRuns', null, signal);
    const phases = runs.reduce((sum, { phaseCount }) => sum + phaseCount, 0);
    const modifiedAt = changedAt ?? newestRun(runs);
    const { role, id, level, fileId } = fingerprint;
    return { kind: 'autopack', role, runs: runs.length, phases, modifiedAt, id, level, fileId, ...memory };
  } catch (error) {
    if (error instanceof CancelledError) return { kind: 'looking' };
    if (isMissing(error)) return { kind: 'missing' };
    const reason = error instanceof UserFacingError ? problemWords(path, error) : undefined;
    return { kind: 'other', reason: reason ?? t`unreadable` };
  }
}

/** In ms: a list is not held up by a server that does not answer. */
const longestServerLookMs = 3000;

/** The same for a database of a server, which may be far away or gone. */
export async function lookIntoServer(
  deps: LookDeps,
  path: string,
  signal: AbortSignal,
): Promise<DatabaseLook> {
  const limit = AbortSignal.timeout(longestServerLookMs);
  const look = await lookIntoDatabase(deps, path, AbortSignal.any([signal, limit]));
  return look.kind === 'looking' && limit.aborted ? { kind: 'other', reason: t`does not answer` } : look;
}

type Autopack = Extract<DatabaseLook, { kind: 'autopack' }>;

/** The mark of a database, and how it compares with what its folder remembers: which is not read before it is trusted. */
async function recall(
  { reader, clock }: LookDeps,
  path: string,
  signal: AbortSignal,
): Promise<{ readonly fingerprint: DatabaseFingerprint } & Pick<Autopack, 'known' | 'original'>> {
  if (isVirtualPath(path) || !vscode.workspace.isTrusted) {
    const { value: fingerprint } = await reader.request(path, 'databaseFingerprint', { runIds: [] }, signal);
    return { fingerprint, known: 'unknown', original: null };
  }
  const guard = guardOf(path, { reader, clock });
  const inspection = await guard.inspect(path, signal);
  const { fingerprint, verdict } = inspection;
  const known = knownAs[verdict.kind];
  return {
    fingerprint,
    known,
    original: known === 'copy' ? await guard.originalOf(inspection, signal) : null,
  };
}

const knownAs = {
  unknown: 'unknown',
  same: 'same',
  moved: 'same',
  'older-state': 'older',
  'other-history': 'elsewhere',
  'copy-or-restored': 'copy',
  'different-id': 'other',
  'role-changed': 'other',
} as const satisfies Record<PinVerdict['kind'], Autopack['known']>;

/** Ms since the epoch. */
async function modificationTime(path: string): Promise<number> {
  if (isVirtualPath(path)) return (await vscode.workspace.fs.stat(uriOfPath(path))).mtime;
  return (await stat(path)).mtimeMs;
}

/** What a server does not tell of a database; ms since the epoch, 0 where nothing is known. */
function newestRun(runs: readonly Pick<RunSummary, 'createdAt'>[]): number {
  return runs.reduce((newest, { createdAt }) => Math.max(newest, createdAt ?? 0), 0);
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'FileNotFound' || code === 'not-found';
}
