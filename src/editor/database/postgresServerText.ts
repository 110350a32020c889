import type { PostgresServer } from '../../core/model/databaseFacts.ts';
import { roleInWords, type RoleFacts } from '../../core/identity/roleText.ts';
import { serverFacts } from '../../core/identity/serverText.ts';
import { t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';

/** `read-only role`, for the status bar; `null` where writing is possible. */
export function readOnlyWords({ isReplica, mayWrite }: PostgresServer): string | null {
  if (isReplica) return t`replica, read-only`;
  return mayWrite ? null : t`read-only user`;
}

/** What a first look by a new connection found. */
export interface ConnectedDatabase {
  /** Without parameters. */
  readonly path: string;
  readonly server: PostgresServer | undefined;
  readonly isAutopack: boolean;
  readonly role: RoleFacts;
  readonly runs: number;
  readonly phases: number;
}

/** The same, line by line, before the database is selected. */
export function connectedDetail({ server, isAutopack, role, runs, phases }: ConnectedDatabase): string[] {
  return [
    ...(server === undefined ? [] : serverFacts(server).map(([name, value]) => `${name}: ${value}`)),
    isAutopack
      ? t`Content: ${roleInWords(role)}, ${counted(runs, 'run')}, ${counted(phases, 'phase')}`
      : t`Content: not an Autopack database, it has no runs and phases`,
  ];
}
