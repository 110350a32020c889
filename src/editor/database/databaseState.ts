import type { SnapshotVersion } from '../../core/db/snapshot/sourceFiles.ts';
import { isPostgresPath, postgresLocation } from '../../core/db/postgresUrl.ts';
import { UserFacingError, type ErrorCode } from '../../core/errors.ts';
import type { RoleFacts } from '../../core/identity/roleText.ts';
import type { DatabaseFacts } from '../../core/model/databaseFacts.ts';
import { t } from '../../core/text/l10n.ts';
import { formatMinute } from '../../core/text/times.ts';
import { databaseName } from '../../core/db/databaseName.ts';

/** What is known of the selected database. */
export type DatabaseState =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'checking';
      readonly path: string;
      /** Known long before the rest of a large database is counted. */
      readonly role?: RoleFacts;
    }
  | {
      readonly kind: 'ready';
      readonly path: string;
      readonly facts: DatabaseFacts;
      /** The committed state the facts were read from. */
      readonly version: SnapshotVersion;
      /** Another file took the place of the one that was selected, and nobody has looked at it since. */
      readonly replaced: boolean;
      /** Set while the server of a PostgreSQL database does not answer: what is shown was read before. */
      readonly cut?: CutConnection;
    }
  | {
      readonly kind: 'problem';
      readonly path: string;
      readonly error: UserFacingError;
      /** Of a database that can be read, but is not one of Autopack. */
      readonly facts?: DatabaseFacts;
    };

/** A connection that was lost. */
export interface CutConnection {
  readonly error: UserFacingError;
  /** When the server last answered, in ms since the epoch. */
  readonly readAt: number;
}

/** Failures of a server or of the way to it, which may be over in a moment. */
const passing: ReadonlySet<ErrorCode> = new Set(['unreachable', 'timed-out', 'busy', 'locked']);

/** Whether a failure to read the database may pass by itself, so that it is worth to ask again. */
export function mayComeBack(path: string, { code }: Pick<UserFacingError, 'code'>): boolean {
  return isPostgresPath(path) && passing.has(code);
}

/** What stands over rows that may be old, as one sentence; `null` while the server answers. */
export function cutText(state: DatabaseState): string | null {
  if (state.kind !== 'ready' || state.cut === undefined) return null;
  const { host } = postgresLocation(state.path);
  return t`Cannot reach ${host}; showing what was read at ${formatMinute(state.cut.readAt).slice(-5)}`;
}

/** Whether its rows can be shown: also while it is being checked, or briefly blocked by a writer. */
export function isShowable(state: DatabaseState): boolean {
  switch (state.kind) {
    case 'none':
      return false;
    case 'checking':
    case 'ready':
      return true;
    case 'problem':
      return state.error.code === 'busy' || state.error.code === 'locked';
  }
}

/** What is known of the role of the selected database; `undefined` where nothing is yet. */
export function roleOf(state: DatabaseState): RoleFacts | undefined {
  if (state.kind === 'ready') return state.facts;
  return state.kind === 'checking' ? state.role : undefined;
}

/** Whether it was made to be seeded, so that it may well be without runs as yet. */
export function mayBeEmpty({ role, roleSource }: Pick<DatabaseFacts, 'role' | 'roleSource'>): boolean {
  return role === 'seed' && roleSource === 'identity-table';
}

/** The error a database of another program is, or `undefined` for one of Autopack. */
export function notAutopack(facts: DatabaseFacts): UserFacingError | undefined {
  if (!facts.warnings.some(({ code }) => code === 'not-autopack')) return undefined;
  return new UserFacingError(
    'not-autopack',
    t`${databaseName(facts.path)} is not an Autopack database: it has no runs and phases.`,
    t`Select another one, or create a telemetry seed database.`,
  );
}
