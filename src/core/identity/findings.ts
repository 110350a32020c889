import type { UserFacingError } from '../errors.ts';
import { t } from '../text/l10n.ts';
import type { DatabaseFingerprint } from './databaseFingerprint.ts';
import { sourceChangeText, type SourceChange } from './confirmedSources.ts';
import { decisiveText, type PinVerdict } from './databasePin.ts';
import { isDrifting, unnamedText, type SourceDrift } from './drift.ts';
import { fixText, type Fix } from './fix.ts';
import { gitProblem, untrackCommand, type GitFinding } from './gitFinding.ts';
import { staleCountsText, type StaleFindings } from './stalePhase.ts';

/** Something about a database or its surroundings that should be fixed. */
export interface Finding {
  readonly code:
    | 'not-adopted'
    | 'copy-or-restored'
    | 'older-state'
    | 'other-history'
    | 'different-id'
    | 'role-changed'
    | 'source-changed'
    | 'pins-unreadable'
    | 'replaced'
    | 'unreadable'
    | 'drift'
    | 'api-server'
    | 'git'
    | 'no-migrations'
    | 'drain-killed'
    | 'lock-left'
    | 'stale-phases'
    | 'canary-left'
    | 'empty'
    | 'not-autopack';
  /** One sentence. */
  readonly message: string;
  /** What to do about it, one sentence. */
  readonly nextStep: string;
  /** What it is about, alike in every language: another finding of its code that is about the same is the same. */
  readonly about?: string;
  /** The session that can be resumed, of a drain that was killed. */
  readonly sessionId?: string;
}

/** The facts that findings are drawn from. */
export interface LookedInto {
  readonly fingerprint: DatabaseFingerprint;
  readonly verdict: PinVerdict;
  /** Why what this folder knows could not be read, if so. */
  readonly pinsProblem: Pick<UserFacingError, 'message' | 'nextStep'> | null;
  readonly drift: readonly SourceDrift[];
  /** What changed since a person last confirmed it. */
  readonly sourceChanges: readonly SourceChange[];
  readonly git: readonly GitFinding[];
  /** Whether the Autopack at hand migrates databases with Alembic, and nobody has told it to add what they lack. */
  readonly wantsMigrations: boolean;
  readonly deadLock: DeadLock | null;
  readonly stale: StaleFindings;
  /** Ids of canary runs that were left behind. */
  readonly canaries: readonly string[];
}

/** What should be fixed, gravest first; empty where all is well. */
export function findingsOf(facts: LookedInto): Finding[] {
  return [
    ...pinsFindings(facts),
    ...identityFindings(facts),
    ...facts.sourceChanges.map(sourceChangeFinding),
    ...facts.drift.filter(isWrong).map((each) => sourceFinding(each)),
    ...unnamedFindings(facts),
    ...facts.git.flatMap(gitFindings),
    ...migrationFindings(facts),
    ...deadLockFindings(facts.deadLock),
    ...staleFindings(facts.stale),
    ...canaryFindings(facts.canaries),
  ];
}

/** Whether a source should be fixed. Of the sources whose state is unknown, only API servers count as wrong. */
export function isWrong(each: SourceDrift): boolean {
  return isDrifting(each) || (each.state === 'unknown' && each.source.origin.kind === 'api-server');
}

function unnamedFindings({ fingerprint: { path }, drift }: LookedInto): Finding[] {
  const message = unnamedText(path, drift);
  const nextStep = t`Set DATABASE_URL to ${path}, with the password if it takes one.`;
  return message === null ? [] : [{ code: 'drift', message, nextStep }];
}

function pinsFindings({ pinsProblem }: LookedInto): Finding[] {
  if (pinsProblem === null) return [];
  const message = t`${pinsProblem.message} Whether this is the right database is not known, and nothing is written.`;
  return [{ code: 'pins-unreadable', message, nextStep: pinsProblem.nextStep }];
}

function identityFindings({ fingerprint, verdict }: LookedInto): Finding[] {
  const { path } = fingerprint;
  const text = decisiveText(verdict);
  switch (verdict.kind) {
    case 'copy-or-restored':
      return [
        {
          code: 'copy-or-restored',
          message: t`${path} is a copy or a restored file (${text}).`,
          nextStep: t`Select the real one; or adopt this one again, with a new id if it is to be a database of its own.`,
        },
      ];
    case 'older-state':
      return [
        {
          code: 'older-state',
          message: t`${path} is an older state of the database than this folder has seen (${text}).`,
          nextStep: t`Restore a newer backup; or trust the file, if the older state was put back on purpose.`,
        },
      ];
    case 'other-history':
      return [
        {
          code: 'other-history',
          message: t`${path} was changed elsewhere, from an earlier state than this folder has seen (${text}).`,
          nextStep: t`Find out which of the two is meant; restore a backup, or trust this file.`,
        },
      ];
    case 'different-id':
      return [
        {
          code: 'different-id',
          message: t`${path} is not the database this folder knows (${text}).`,
          nextStep: t`Find out what put it there, and restore a backup; if it is meant to be here, adopt it.`,
        },
      ];
    case 'role-changed':
      return [
        {
          code: 'role-changed',
          message: t`The role of ${path} was changed (${text}).`,
          nextStep: t`Restore a backup from before the change; if it was meant, adopt the database again.`,
        },
      ];
    case 'unknown':
    case 'same':
    case 'moved':
      break;
  }
  if (!fingerprint.isAutopack) {
    const message = t`${path} is not an Autopack database: it lacks the tables runs and phases.`;
    return [{ code: 'not-autopack', message, nextStep: t`Name another file.` }];
  }
  if (fingerprint.id !== null) return [];
  return [
    {
      code: 'not-adopted',
      about: path,
      message: t`${path} has no identity: it can be browsed and analyzed, not written.`,
      nextStep: t`Adopt it as seed or legacy.`,
    },
  ];
}

/** A source that is wrong, as a finding. `textOf` says what to do about it. */
export function sourceFinding(
  { message, fixes, source }: SourceDrift,
  textOf: (fix: Fix) => string = fixText,
): Finding {
  const [fix] = fixes;
  return {
    code: source.origin.kind === 'api-server' ? 'api-server' : 'drift',
    message,
    nextStep: fix === undefined ? t`Check which database is meant.` : textOf(fix),
  };
}

function sourceChangeFinding(change: SourceChange): Finding {
  const nextStep = t`Check it, then confirm it at a terminal (doctor --confirm-sources).`;
  return { code: 'source-changed', message: sourceChangeText(change), nextStep };
}

function gitFindings(finding: GitFinding): Finding[] {
  const message = gitProblem(finding);
  if (message === null) return [];
  const nextStep =
    finding.isTracked || finding.isStaged
      ? t`Ignore it in .gitignore, and untrack it (the file stays): ${untrackCommand(finding)}`
      : t`Add ${finding.relativePath} to .gitignore.`;
  const { path, isTracked, isStaged } = finding;
  return [{ code: 'git', about: JSON.stringify([path, isTracked, isStaged]), message, nextStep }];
}

function migrationFindings({ fingerprint, wantsMigrations }: LookedInto): Finding[] {
  const { path, migrations, isAutopack } = fingerprint;
  if (!isAutopack || !wantsMigrations || migrations.state === 'at-version') return [];
  const how =
    migrations.state === 'no-version'
      ? t`has no migration version (alembic_version is empty)`
      : t`was made without migrations (no alembic_version)`;
  return [
    {
      code: 'no-migrations',
      about: migrations.state,
      message: t`${path} ${how}, and the Autopack of this folder migrates: it would fail with "table ... already exists".`,
      nextStep: t`Drain with AUTOPACK_DB_BOOTSTRAP=1, with which it adds the tables that are missing.`,
    },
  ];
}

/** QUEUED phases that were left over can still be drained, so they are reported by `stale` alone. */
function staleFindings({ stale, workers }: StaleFindings): Finding[] {
  const executing = stale.filter(({ state }) => state === 'EXECUTING');
  if (executing.length === 0) return [];
  const nobody =
    workers === null ? t`whether anything is running them is unknown` : t`nothing is running them`;
  return [
    {
      code: 'stale-phases',
      about: JSON.stringify([executing.length, workers === null]),
      message: t`Phases are stale (${staleCountsText(executing)}): they have not changed for long, and ${nobody}.`,
      nextStep: t`Mark them FAILED (stale --mark-failed).`,
    },
  ];
}

function canaryFindings(canaries: readonly string[]): Finding[] {
  if (canaries.length === 0) return [];
  return [
    {
      code: 'canary-left',
      about: JSON.stringify(canaries),
      message:
        canaries.length === 1
          ? t`A canary run was left behind: ${canaries.join(', ')}.`
          : t`${canaries.length} canary runs were left behind: ${canaries.join(', ')}.`,
      nextStep: t`Delete them (doctor --delete-canaries); they hold no phases.`,
    },
  ];
}

/** The lock of a drain, or of a change, whose process ended without removing it. */
export interface DeadLock {
  /** Absolute. */
  readonly lockPath: string;
  readonly pid: number;
  /** ISO, UTC. */
  readonly since: string;
  /** The session of the drain; `null` where it had not begun one. */
  readonly sessionId: string | null;
}

/** What a dead lock tells: a drain that was killed can be resumed, anything else has left nothing but the lock. */
function deadLockFindings(dead: DeadLock | null): Finding[] {
  if (dead === null) return [];
  const { lockPath, pid, since, sessionId } = dead;
  if (sessionId !== null) {
    return [
      {
        code: 'drain-killed',
        about: sessionId,
        message: t`A drain was killed (process ${pid}, session ${sessionId}): its last phase may be left EXECUTING.`,
        nextStep: t`Resume it (drain --resume ${sessionId}): that checks the result of the phase.`,
        sessionId,
      },
    ];
  }
  return [
    {
      code: 'lock-left',
      about: JSON.stringify([pid, since]),
      message: t`A program that had locked the database since ${since} has died (process ${pid}).`,
      nextStep: t`Nothing is held up: the next drain takes over. Or delete ${lockPath}.`,
    },
  ];
}
