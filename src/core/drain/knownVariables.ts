import { UserFacingError } from '../errors.ts';
import { t } from '../text/l10n.ts';

/** What is known of a workspace and a database when variables are offered. */
export interface VariableFacts {
  /** The runs that the drain would take phases of. */
  readonly runIds: readonly string[];
  /** Whether Alembic has made the database, or has migrated it. */
  readonly isMigrated: boolean;
  /** Names and conditions that Autopack's source in the workspace holds. */
  readonly source: {
    readonly skipsCi: boolean;
    readonly bootstraps: boolean;
    /** Some of its telemetry writers take `true` alone for yes. */
    readonly wantsTrue: boolean;
  };
}

interface KnownVariable {
  readonly values: readonly string[];
  /** Why somebody may want it; `null` where it would change nothing. */
  readonly reason: (facts: VariableFacts) => string | null;
}

/** Variables of Autopack that decide what a drain comes to. None is set unless somebody says so. */
const variables: Readonly<Record<string, KnownVariable>> = {
  AUTOPACK_SKIP_CI: {
    values: ['1'],
    // Autopack heeds it for these runs alone.
    reason: ({ runIds, source }) =>
      source.skipsCi && runIds.some((id) => id.startsWith('telemetry-collection-'))
        ? t`skips the tests of the whole repository after each phase of a telemetry run, which can fail a phase for reasons outside it`
        : null,
  },
  AUTOPACK_DB_BOOTSTRAP: {
    values: ['1'],
    reason: ({ isMigrated, source }) =>
      source.bootstraps && !isMigrated
        ? t`lets this Autopack add the tables it lacks to a database made without migrations; otherwise it fails with "table ... already exists"`
        : null,
  },
  TELEMETRY_DB_ENABLED: {
    values: ['1', 'true'],
    reason: ({ source }) =>
      source.wantsTrue
        ? t`is the only value that some telemetry writers of this Autopack accept; the drain sets "1", which the token estimates need`
        : null,
  },
};

/** The variables worth a thought before a drain, one sentence each. `given` are set already. */
export function offeredVariables(facts: VariableFacts, given: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).flatMap(([name, { values, reason }]) => {
    const why = name in given ? null : reason(facts);
    return why === null ? [] : [t`${name}=${values.at(-1) ?? ''} is not set: it ${why}.`];
  });
}

/** The known variables that an environment holds already, and which executions inherit. */
export function variablesIn(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value = ''] of Object.entries(environment)) {
    // The drain sets this one itself, whatever the environment says.
    if (name !== 'TELEMETRY_DB_ENABLED' && Object.hasOwn(variables, name) && value !== '')
      found[name] = value;
  }
  return found;
}

/** Reads variables that somebody wants to be set. Throws `invalid-argument` for one that is not known, or another value. */
export function knownVariables(given: Readonly<Record<string, string>>): Record<string, string> {
  for (const [name, value] of Object.entries(given)) {
    const known = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (known === undefined) {
      throw new UserFacingError(
        'invalid-argument',
        t`${name} is not a variable that a drain can set.`,
        t`Give ${Object.keys(variables).join(', ')}, or set it where you start this program.`,
      );
    }
    if (!known.values.includes(value)) {
      throw new UserFacingError(
        'invalid-argument',
        t`${name} cannot be "${value}".`,
        t`Give ${known.values.join(t` or `)}.`,
      );
    }
  }
  return { ...given };
}

/** What a resumed session sets for its executions, and a sentence on each variable that it was begun with. */
export interface ResumedVariables {
  readonly environment: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

/**
 * The variables that a session was begun with, set again: somebody agreed to them, and samples with and without them do
 * not compare. What is `given` now wins; `null` for an executor that knows none.
 */
export function resumedVariables(
  recorded: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string>> | null,
): ResumedVariables {
  const environment = { ...given };
  const notes = Object.entries(recorded).flatMap(([name, value]) => {
    const known = Object.hasOwn(variables, name) && variables[name]?.values.includes(value) === true;
    const now = given !== null && Object.hasOwn(given, name) ? given[name] : undefined;
    if (now === value) return [];
    if (!known) return [t`${name} of the session is not set: the drain does not know it, or not that value.`];
    if (given === null)
      return [t`${name}=${value} of the session is not set: this executor uses no variables.`];
    if (now !== undefined) return [t`${name}=${now} is set; the session had ${name}=${value} so far.`];
    environment[name] = value;
    return [t`${name}=${value} is set again, as in the session so far.`];
  });
  return { environment, notes };
}
