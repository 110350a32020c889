import { randomUUID } from 'node:crypto';
import type { DatabaseWriterPort } from '../../core/db/databasePorts.ts';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import { UserFacingError } from '../../core/errors.ts';
import { notAutopack, adoptDatabase, refuseBacklog } from '../../core/identity/adoptDatabase.ts';
import type { DatabaseFingerprint } from '../../core/identity/databaseFingerprint.ts';
import type { GivenRole } from '../../core/identity/identityTable.ts';
import { writtenTables } from '../../core/identity/operation.ts';
import { refuseForeign } from '../../core/identity/requireWritable.ts';
import type { ClockPort } from '../../core/ports.ts';
import { t } from '../../core/text/l10n.ts';
import type { DatabaseGuard } from '../identity/databaseGuard.ts';
import type { Backup } from './backups.ts';
import { withWayBack } from './withBackup.ts';

/** What a person wants a database to be. */
export interface AdoptionWish {
  readonly role: GivenRole;
  /** Give a new id to a database that has one: for a copy that is to be a database of its own. */
  readonly anew?: boolean;
  /** Take the role although the runs that are there say otherwise. */
  readonly anyRole?: boolean;
  /** Let triggers run that Autopack does not make. */
  readonly allowTriggers?: boolean;
}

/** An adoption that may go ahead once the person has agreed to `question`. */
export interface AdoptionPlan {
  /** Real; of a server's database with what its URL asks of the connection, as `sslmode`. */
  readonly path: string;
  /** The database as it was looked at; another one in its place is refused. */
  readonly fingerprint: DatabaseFingerprint;
  readonly wish: AdoptionWish;
  /** How many rows are written. 0: it is adopted already, and is only pinned. */
  readonly rows: number;
  readonly question: string;
}

/** What adopting needs. `workspaceFolder` is absolute. */
export interface AdoptionDeps {
  readonly guard: DatabaseGuard;
  readonly writer: DatabaseWriterPort;
  readonly clock: ClockPort;
  readonly workspaceFolder: string;
}

/** What was done. */
export interface Adopted {
  readonly id: string;
  readonly role: GivenRole;
  /** `null` where the database was adopted already, so that nothing was written, and on a server. */
  readonly backup: Backup | null;
}

/**
 * Looks at a database and says what adopting it would do. Throws `not-autopack`, `exists` where it has another role
 * already, `wrong-role` where its runs say otherwise; changes nothing.
 */
export async function planAdoption(
  guard: DatabaseGuard,
  path: string,
  wish: AdoptionWish,
  signal?: AbortSignal,
): Promise<AdoptionPlan> {
  const { fingerprint } = await guard.inspect(path, signal);
  const named = { path: isPostgresPath(path) ? path : fingerprint.path, fingerprint, wish };
  if (!fingerprint.isAutopack) {
    const nextStep = t`Name another file, or create a database with init.`;
    throw notAutopack(fingerprint.path, nextStep, fingerprint.foreign.notTables);
  }
  refuseForeign(fingerprint, writtenTables(), wish.allowTriggers === true);
  if (fingerprint.id === null || wish.anew === true) {
    if (wish.role === 'seed' && wish.anyRole !== true && fingerprint.id === null) {
      refuseBacklog(fingerprint.role, fingerprint.path);
    }
    const question = t`Adopt ${fingerprint.path} as a ${wish.role} database? ${whatItGets(fingerprint)}`;
    return { ...named, rows: 1, question };
  }
  if (fingerprint.role === wish.role) {
    const question = t`${fingerprint.path} is a ${fingerprint.role} database already (${fingerprint.id}). Take it as the one this folder works with?`;
    return { ...named, rows: 0, question };
  }
  throw new UserFacingError(
    'exists',
    t`${fingerprint.path} is a ${fingerprint.role} database already, with the id ${fingerprint.id}.`,
    t`Work with it as it is; if it is a copy that is to be a database of its own, give it a new id.`,
  );
}

function whatItGets({ path, id }: Pick<DatabaseFingerprint, 'path' | 'id'>): string {
  if (isPostgresPath(path)) {
    return id === null
      ? t`It gets an id and that role: 1 row in the schema autopack_hygiene, which is made where it is missing; nothing else changes.`
      : t`It gets a new id and that role: 1 row in the schema autopack_hygiene, which is made where it is missing; nothing else changes.`;
  }
  return id === null
    ? t`It gets a backup, then an id and that role: 1 row in a table of its own, nothing else changes.`
    : t`It gets a backup, then a new id and that role: 1 row in a table of its own, nothing else changes.`;
}

/** Carries out a plan that was agreed to: backup, one transaction, pin. Throws what {@link adoptDatabase} throws. */
export async function adopt(
  { path, fingerprint, wish, rows }: AdoptionPlan,
  { guard, writer, clock, workspaceFolder }: AdoptionDeps,
  signal?: AbortSignal,
): Promise<Adopted> {
  const { id: present } = fingerprint;
  if (rows === 0 && present !== null) {
    await guard.pin(path, signal);
    return { id: present, role: wish.role, backup: null };
  }
  const { allowTriggers, ...asked } = wish;
  const adoption = { ...asked, ...(fingerprint.level === null ? {} : { level: fingerprint.level }) };
  const id = randomUUID();
  const now = clock.now();
  const { backup } = await withWayBack(
    { path, workspaceFolder, reason: 'adopt', now },
    (copy) => {
      const expected = { fileId: fingerprint.fileId, allowTriggers, occasion: { backup: copy?.path } };
      return adoptDatabase(writer, path, { ...adoption, id, createdAt: now }, expected, signal);
    },
    signal,
  );
  await guard.pin(path, signal);
  return { id, role: wish.role, backup };
}
