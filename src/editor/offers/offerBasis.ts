import { UserFacingError } from '../../core/errors.ts';
import type { DatabaseFingerprint } from '../../core/identity/databaseFingerprint.ts';
import type { DatabaseRole } from '../../core/model/databaseFacts.ts';
import { levelNames, type ProtectionLevel } from '../../core/model/protectionLevel.ts';
import type { RunSummary } from '../../core/model/run.ts';
import type { StateCounts } from '../../core/model/state.ts';
import { joinLines } from '../../core/text/printable.ts';
import { counted } from '../../core/text/quantities.ts';
import { roleInWords, roleName } from '../../core/identity/roleText.ts';
import { t } from '../../core/text/l10n.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import { stateCountsLabel } from '../window/labels.ts';

/** What an offer to write rests on: which database is selected, which one it names, and how that one looked. */
export interface OfferBasis {
  /** The selection, absolute and real; `null` for none. */
  readonly selected: string | null;
  /** The database of the offer, absolute and real. */
  readonly path: string;
  /** Whether that is to be the selected one, as nearly always. */
  readonly isOfSelection: boolean;
  readonly content: OfferedContent | OfferProblem;
}

/** A database that could be read. */
export interface OfferedContent {
  readonly kind: 'content';
  /** `device:inode`. */
  readonly fileId: string;
  readonly id: string | null;
  readonly role: DatabaseRole;
  /** `null` in a database that was not adopted. */
  readonly level: ProtectionLevel | null;
  readonly runs: number;
  readonly phases: StateCounts;
}

/** One that could not, as where a backup is offered for a damaged file. */
export interface OfferProblem {
  readonly kind: 'problem';
  readonly code: string;
}

/** The facts of a readable database that an offer depends on. */
export function offeredContent(
  fingerprint: DatabaseFingerprint,
  runs: readonly RunSummary[],
): OfferedContent {
  const phases: Record<string, number> = {};
  for (const { phaseStates } of runs)
    for (const [state, count] of Object.entries(phaseStates)) phases[state] = (phases[state] ?? 0) + count;
  return {
    kind: 'content',
    fileId: fingerprint.fileId,
    id: fingerprint.id,
    role: fingerprint.role,
    level: fingerprint.level,
    runs: runs.length,
    phases,
  };
}

/** Why an offer no longer holds, as a part of a sentence; `null` while it does. The gravest change is named. */
export function basisChange(before: OfferBasis, now: OfferBasis): string | null {
  const name = databaseName(before.path);
  const isElsewhere = now.isOfSelection && now.selected !== now.path;
  if (isElsewhere || before.selected !== now.selected) {
    if (now.selected === null) return t`${name} is no longer selected`;
    // Databases of one name lie in several folders.
    const other = databaseName(now.selected) === name ? now.selected : databaseName(now.selected);
    return t`${other} is selected now`;
  }
  if (before.content.kind === 'problem' || now.content.kind === 'problem') {
    if (JSON.stringify(before.content) === JSON.stringify(now.content)) return null;
    return now.content.kind === 'problem'
      ? t`${name} can no longer be read`
      : t`${name} was replaced or changed meanwhile`;
  }
  return before.path === now.path ? contentChange(name, before.content, now.content) : t`${name} was moved`;
}

function contentChange(name: string, before: OfferedContent, now: OfferedContent): string | null {
  if (before.id !== now.id) return t`${name} has another identity now`;
  if (before.role !== now.role) return t`${name} is now ${roleName(now.role)}, not ${roleName(before.role)}`;
  if (before.level !== now.level && now.level !== null) {
    return t`the protection of ${name} is ${levelNames()[now.level]} now`;
  }
  if (before.fileId !== now.fileId) return t`another file took the place of ${name}`;
  if (before.runs !== now.runs) return t`${name} has ${counted(now.runs, 'run')} now, not ${before.runs}`;
  const [was, is] = [stateCountsLabel(before.phases), stateCountsLabel(now.phases)];
  return was === is ? null : t`the phases of ${name} changed: ${was} before, ${is} now`;
}

/** The refusal of an offer that no longer holds; `action` is its button, `change` what {@link basisChange} says. */
export function offerExpired(action: string, change: string): UserFacingError {
  return new UserFacingError(
    'changed',
    t`"${action}" no longer applies: ${change}. Nothing was changed.`,
    t`Check the selected database, then start again.`,
  );
}

/** Which database an offer is about, for the end of a dialog: name and role, and the path on a line of its own. */
export function offerSubject({ path, content }: OfferBasis): string {
  const role = content.kind === 'content' ? ` (${roleInWords(content)})` : '';
  const level = content.kind === 'content' ? content.level : null;
  const facts = [
    t`Database: ${`${databaseName(path)}${role}`}`,
    ...(level === null ? [] : [t`Protection: ${levelNames()[level]}`]),
  ];
  // Each is one line, whatever the file is called.
  return joinLines([facts.join(' · '), path]);
}
