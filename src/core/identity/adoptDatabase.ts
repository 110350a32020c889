import type { DatabaseWriterPort, ExpectedFile, WriteDatabase, WriteOperation } from '../db/databasePorts.ts';
import { TolerantSchema } from '../db/tolerantSchema.ts';
import { UserFacingError } from '../errors.ts';
import { isStricter, type ProtectionLevel } from '../model/protectionLevel.ts';
import { t } from '../text/l10n.ts';
import {
  createIdentity,
  dropIdentity,
  levelOf,
  readIdentity,
  readRole,
  type GivenRole,
} from './identityTable.ts';
import { levelRaised } from './protection.ts';

/** What a database is to become: `id` a random UUID, `createdAt` in ms since the epoch. */
export interface Adoption {
  readonly id: string;
  readonly role: GivenRole;
  readonly createdAt: number;
  /** Give it another identity than it has: for a copy that is to be a database of its own. */
  readonly anew?: boolean;
  /** Take the role although the runs that are there say otherwise, on the person's word. */
  readonly anyRole?: boolean;
  /** The protection that was agreed at; a stricter one by now refuses. */
  readonly level?: ProtectionLevel;
}

/**
 * Gives a database an identity, in one transaction; nothing else in it changes.
 * Throws `not-autopack`, `exists` if it has an identity already (unless `anew`), `wrong-role` if a seed is to be made of
 * a database with runs of another kind (unless `anyRole`), `protected`, and what the writer throws. A level that was set
 * stays, whatever the new role.
 */
export function adoptDatabase(
  writer: DatabaseWriterPort,
  path: string,
  adoption: Adoption,
  expected: ExpectedFile,
  signal?: AbortSignal,
): Promise<void> {
  return writer.perform(path, adoptOperation, adoption, signal, expected);
}

/** Adopting as the writer takes it. */
export const adoptOperation: WriteOperation<Adoption, void> = {
  name: 'adopt',
  run: (db, adoption, path) => adopt(db, path, adoption),
  needs: () => ({ runs: 'all', tables: 'runs' }),
  subject: ({ role, anew = false }) => ({ role, ...(anew ? { id: 'new' } : {}) }),
};

function adopt(db: WriteDatabase, path: string, adoption: Adoption): void {
  const { id, role, createdAt, anew = false, anyRole = false, level: agreed } = adoption;
  const schema = TolerantSchema.read(db);
  if (!schema.hasTable('runs') || !schema.hasTable('phases')) {
    throw notAutopack(path, t`Name another file, or create a database with init.`);
  }
  const before = readIdentity(db, schema);
  if (before !== null && !anew) {
    throw new UserFacingError(
      'exists',
      t`${path} is a ${before.role} database already, with the id ${before.id}.`,
      t`Work with it as it is; if it is a copy that is to be a database of its own, give it a new id.`,
    );
  }
  const level = before === null ? null : levelOf(before);
  if (level !== null && agreed !== undefined && isStricter(level, agreed)) {
    throw levelRaised(path, agreed, level);
  }
  dropIdentity(db);
  if (role === 'seed' && !anyRole) refuseBacklog(readRole(db, TolerantSchema.read(db)).role, path);
  createIdentity(db, { id, role, createdAt, level: before?.level });
}

/** Throws `wrong-role` if the runs of a database are not those of a telemetry seed. */
export function refuseBacklog(roleOfContent: string, path: string): void {
  if (roleOfContent !== 'legacy') return;
  throw new UserFacingError(
    'wrong-role',
    t`${path} holds runs that were not seeded to collect telemetry: it is a backlog, not a telemetry seed database.`,
    t`Adopt it as legacy, or allow any role if you are sure.`,
  );
}

/** The refusal of a file that lacks the tables every database of Autopack has; `path` is absolute, `notTables` what the schema has under their names. */
export function notAutopack(
  path: string,
  nextStep: string,
  notTables: readonly string[] = [],
): UserFacingError {
  const required = notTables.filter((table) => table === 'runs' || table === 'phases');
  const [one, other] = required;
  const message =
    one === undefined
      ? t`${path} is not an Autopack database: it lacks the tables runs and phases.`
      : other === undefined
        ? t`${path} is not an Autopack database: ${one} is a view or a virtual table, and Autopack makes ordinary ones.`
        : t`${path} is not an Autopack database: ${one} and ${other} are views or virtual tables, and Autopack makes ordinary ones.`;
  return new UserFacingError('not-autopack', message, nextStep);
}
