import type { DatabaseRole } from '../model/databaseFacts.ts';
import { t } from '../text/l10n.ts';
import type { KnownRole } from './identityTable.ts';

/** A role; without an id, the database was not adopted, and only its runs say so. */
export type RoleFacts = Pick<KnownRole, 'id' | 'role'>;

const marks = (): Readonly<Record<DatabaseRole, string>> => ({
  seed: t`Seed`,
  legacy: t`Legacy`,
  unknown: t`Unknown role`,
});

const names = (): Readonly<Record<DatabaseRole, string>> => ({
  seed: t`telemetry seed`,
  legacy: t`legacy backlog`,
  unknown: t`unknown`,
});

/** Whether a role is only what the runs look like: the database was not adopted, and is not written. */
export function isGuessed({ id, role }: RoleFacts): boolean {
  return role !== 'unknown' && id === null;
}

/** A role as it stands before the name of a file: `Seed`, `Legacy?` where only the runs say so, `Unknown role`. */
export function roleMark(facts: RoleFacts): string {
  return `${marks()[facts.role]}${isGuessed(facts) ? '?' : ''}`;
}

/** A role in a sentence: `telemetry seed`, or `looks like a legacy backlog, not adopted`. */
export function roleInWords(facts: RoleFacts): string {
  if (!isGuessed(facts)) return names()[facts.role];
  return facts.role === 'seed'
    ? t`looks like a telemetry seed, not adopted`
    : t`looks like a legacy backlog, not adopted`;
}

/** A role at the head of a page: `Telemetry seed`, `Looks like a legacy backlog, not adopted`, `Unknown role`. */
export function roleTitle(facts: RoleFacts): string {
  if (facts.role === 'unknown') return marks().unknown;
  const words = roleInWords(facts);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** A role on its own, whoever says so. */
export function roleName(role: DatabaseRole): string {
  return names()[role];
}
