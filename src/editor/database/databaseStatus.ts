import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import type { ErrorCode, UserFacingError } from '../../core/errors.ts';
import { isGuessed, roleMark, type RoleFacts } from '../../core/identity/roleText.ts';
import type { IdentityWarning } from '../../core/model/databaseFacts.ts';
import { t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import type { CommandName } from '../ids.ts';
import { readOnlyWords } from './postgresServerText.ts';
import { mayBeEmpty, type DatabaseState } from './databaseState.ts';

/** What the status bar shows of the selected database. */
export interface DatabaseStatus {
  /** With codicons. */
  readonly text: string;
  readonly severity: 'normal' | 'warning';
  /** What a click does. */
  readonly command: CommandName;
}

/** What a database lacks, said in the place of its counts. */
const lackWords = (): readonly (readonly [IdentityWarning['code'], string])[] => [
  ['empty', t`empty, no runs`],
  ['no-phases', t`no phases`],
];

type ProblemWords = Readonly<Partial<Record<ErrorCode, string>>>;

/** What is wrong with a database, in as few words as will do. */
const errorWords = (): ProblemWords => ({
  'not-found': t`no such file`,
  unreachable: t`cannot be reached`,
  'timed-out': t`does not answer`,
  'not-a-file': t`not a file`,
  'no-permission': t`no permission to read it`,
  'not-sqlite': t`not a SQLite database`,
  'not-autopack': t`not an Autopack database`,
  corrupt: t`damaged`,
  busy: t`busy, being written`,
  locked: t`locked by another program`,
  'empty-database': t`empty, no runs`,
});

const serverWords = (): ProblemWords => ({
  'not-found': t`no such database`,
  'no-permission': t`access denied`,
  busy: t`has no room for a connection`,
  locked: t`locked by another program`,
});

/** The same for the database at a path, of which there may be no file; `undefined` where there are no words for it. */
export function problemWords(path: string, { code }: Pick<UserFacingError, 'code'>): string | undefined {
  return (isPostgresPath(path) ? serverWords()[code] : undefined) ?? errorWords()[code];
}

/**
 * `Seed: autopack_telemetry_seed.db · 1 run, 10 phases`, `Legacy?: …` of one that was not adopted, or what is wrong, in
 * words. `attention` lists what to know before using it; `wrongRole` is a running command's note on its role.
 */
export function databaseStatus(
  state: DatabaseState,
  attention: readonly string[] = [],
  wrongRole: string | null = null,
): DatabaseStatus {
  switch (state.kind) {
    case 'none':
      return warning(t`Autopack: no database selected`, 'selectDatabase');
    case 'checking':
      return normal(
        `$(loading~spin) ${state.role === undefined ? '' : `${roleMark(state.role)}: `}${databaseName(state.path)}`,
      );
    case 'problem':
      return warning(
        `${databaseName(state.path)}: ${problemWords(state.path, state.error) ?? t`unreadable`}`,
      );
    case 'ready':
      return readyStatus(state, attention, wrongRole);
  }
}

function readyStatus(
  { path, facts, replaced, cut }: Extract<DatabaseState, { kind: 'ready' }>,
  attention: readonly string[],
  wrongRole: string | null,
): DatabaseStatus {
  const lack = lackWords().find(([code]) => facts.warnings.some((found) => found.code === code));
  const isFresh = lack?.[0] === 'empty' && mayBeEmpty(facts);
  const lacking = isFresh ? t`no runs yet` : lack?.[1];
  const all = [
    ...(wrongRole === null ? [] : [wrongRole]),
    ...(cut === undefined ? [] : [errorWords()[cut.error.code] ?? t`cannot be reached`]),
    ...(replaced
      ? [facts.server === undefined ? t`replaced by another file` : t`replaced by another database`]
      : []),
    ...attention,
  ];
  const { runs, phases } = facts.counts;
  const counts = `${counted(runs ?? 0, 'run')}, ${counted(phases ?? 0, 'phase')}`;
  const rights = facts.server === undefined ? null : readOnlyWords(facts.server);
  const [gravest, ...others] = all;
  const more = (first: string): string =>
    others.length === 0 ? first : t`${first} and ${others.length} more`;
  const parts = [
    `${roleMark(facts)}: ${databaseName(path)}`,
    // A narrow window cuts off what comes last.
    ...(gravest === undefined ? [] : [more(gravest)]),
    ...(rights === null ? [] : [rights]),
    lacking ?? counts,
  ];
  const text = parts.join(' · ');
  return (lacking === undefined || isFresh) && gravest === undefined
    ? normal(`$(database) ${text}`)
    : warning(text);
}

/** What stands before it in the color of the role: filled where the database says so itself, hollow where its runs do. */
export function roleIcon(role: RoleFacts): string {
  if (role.role === 'unknown') return '$(question)';
  return isGuessed(role) ? '$(circle-large-outline)' : '$(circle-large-filled)';
}

function normal(text: string): DatabaseStatus {
  return { text, severity: 'normal', command: 'checkIdentity' };
}

function warning(reason: string, command: CommandName = 'checkIdentity'): DatabaseStatus {
  return { text: `$(warning) ${reason}`, severity: 'warning', command };
}

/** What a screen reader says of it: no icons, and the warning in words. */
export function spokenStatus({ text, severity }: DatabaseStatus): string {
  const words = text.replace(/\$\([^)]*\) /g, '').replaceAll(' · ', ', ');
  if (severity === 'warning') return t`Warning: Autopack database ${words}`;
  return text.startsWith('$(loading')
    ? t`Autopack database ${words}, checking`
    : t`Autopack database ${words}`;
}
