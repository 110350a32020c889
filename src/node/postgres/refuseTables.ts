import { triggersRefused } from '../../core/db/checkedWrites.ts';
import { quoted } from '../../core/db/foreignKeys.ts';
import { ownSchemaName, serverNameOf } from '../../core/db/schema/postgresOwnSchema.ts';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import type { ServerChanges } from './serverChanges.ts';
import type { ServerTable } from './serverTables.ts';

/**
 * Throws where tables cannot be changed as is meant: `unsupported` for what is no ordinary table, has rules or hides rows,
 * `triggers` where any would run (unless `allowTriggers`, which never counts for our own tables), and `read-only` where the
 * user lacks a right. `user` is for messages.
 */
export function refuseTables(
  changes: readonly ServerChanges[],
  path: string,
  user: string,
  allowTriggers: boolean,
): void {
  for (const { table } of changes) refuseOddTable(table, path);
  const foreign = changes.flatMap(({ table }) =>
    table.triggers.filter(() => isOwn(table) || !allowTriggers).map((name) => ({ name, table: table.name })),
  );
  if (foreign.length > 0) throw triggersRefused(path, foreign);
  for (const { table, rows } of changes) {
    const needed = [...new Set(rows.map(({ kind }) => kind))].filter((kind) => !table.may[kind]);
    if (needed.length > 0) throw mayNot(table, needed, path, user);
  }
}

function isOwn(table: ServerTable): boolean {
  return serverNameOf(table.name).schema === ownSchemaName;
}

function refuseOddTable({ name, kind, rules, hidesRows, primaryKey }: ServerTable, path: string): void {
  const problem =
    kind !== 'r' && kind !== 'p'
      ? t`Nothing was written to ${path}: ${name} is no ordinary table.`
      : rules.length > 0
        ? t`Nothing was written to ${path}: ${name} has the rule ${JSON.stringify(rules[0])}, which changes what statements do.`
        : hidesRows
          ? t`Nothing was written to ${path}: ${name} has row-level security, which hides rows from this user.`
          : primaryKey.length === 0
            ? t`Nothing was written to ${path}: ${name} has no primary key.`
            : null;
  if (problem === null) return;
  throw new UserFacingError(
    'unsupported',
    problem,
    hidesRows
      ? t`Connect as the owner of the table, or as a user with BYPASSRLS.`
      : t`Select the database that Autopack writes.`,
  );
}

function mayNot(table: ServerTable, kinds: readonly string[], path: string, user: string): UserFacingError {
  const rights = kinds.map((kind) => kind.toUpperCase()).join(', ');
  return new UserFacingError(
    'read-only',
    t`${path} can only be read by the user ${user}, who may not ${kinds.join(t` and `)} rows of ${table.name}.`,
    t`Ask who runs the database for it (GRANT ${rights} ON ${table.sql} TO ${quoted(user)}), or connect as another user.`,
  );
}
