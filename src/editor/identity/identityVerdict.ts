import type { Finding } from '../../core/identity/findings.ts';
import type { DatabaseFacts, DatabaseRole } from '../../core/model/databaseFacts.ts';
import { t } from '../../core/text/l10n.ts';
import { notAutopack } from '../database/databaseState.ts';
import { drainableCount, stateCountsLabel } from '../window/labels.ts';
import { counted } from '../../core/text/quantities.ts';
import { databaseName } from '../../core/db/databaseName.ts';

/** What a check of the identity says in a sentence, and the command that goes on from there. */
export interface IdentityVerdict {
  readonly severity: 'good' | 'warning';
  /** Every issue there is, gravest first. */
  readonly issues: readonly Pick<Finding, 'message'>[];
  readonly sentence: string;
  readonly nextStep: string;
  readonly action: IdentityAction | undefined;
}

/** A button under the sentence. One that writes is there only where no issue stands. */
export interface IdentityAction {
  readonly title: string;
  readonly command: 'selectDatabase' | 'showIdentity' | 'seedRun' | 'drain' | 'analyzeTelemetry';
  readonly writes: boolean;
}

/** What was looked into besides the database itself. */
export interface IdentityContext {
  /** As `issuesOf` gives them. */
  readonly issues: readonly Pick<Finding, 'message'>[];
  /** In Restricted Mode little is looked at, and nothing written. */
  readonly isTrusted: boolean;
  /** In the browser only the file is looked at, and nothing written. */
  readonly isInBrowser?: boolean | undefined;
}

const sentences = (name: string, content: string): Readonly<Record<DatabaseRole, string>> => ({
  seed: t`${name} is a telemetry seed database: ${content}.`,
  legacy: t`${name} is a legacy backlog: ${content}.`,
  unknown: t`${name} is a database of unknown role: ${content}.`,
});

/** Characters of issues that a notification has room for. */
const longest = 320;

/** Sums up what a database is, and what is wrong with it or around it. */
export function identityVerdict(facts: DatabaseFacts, context: IdentityContext): IdentityVerdict {
  const { issues, isTrusted, isInBrowser = false } = context;
  const error = notAutopack(facts);
  if (error !== undefined) {
    return {
      severity: 'warning',
      issues: [error],
      sentence: error.message,
      nextStep: error.nextStep,
      action: { title: t`Select Database`, command: 'selectDatabase', writes: false },
    };
  }
  const sentence = sentenceOf(facts, context);
  if (issues.length > 0) {
    return {
      severity: 'warning',
      issues,
      sentence,
      nextStep: fixFirst(issues.length === 1, isInBrowser),
      action: { title: t`Show Issues`, command: 'showIdentity', writes: false },
    };
  }
  const { nextStep, action } = isInBrowser ? lookAtTelemetry() : nextOf(facts);
  const isOffered = isTrusted || !action.writes;
  const isChecked = isTrusted || isInBrowser;
  const severity = facts.warnings.length === 0 && isChecked ? 'good' : 'warning';
  return { severity, issues, sentence, nextStep, action: isOffered ? action : undefined };
}

function fixFirst(isOne: boolean, isInBrowser: boolean): string {
  if (isInBrowser) {
    return isOne
      ? t`Fix the issue before you write into it with VS Code on a computer.`
      : t`Fix the issues before you write into it with VS Code on a computer.`;
  }
  return isOne ? t`Fix the issue before you write into it.` : t`Fix the issues before you write into it.`;
}

/** The check as a notification: issues first, then what the database is. */
export function verdictText({ issues, sentence, nextStep }: IdentityVerdict): string {
  const [first, ...others] = issues.map(({ message }) => message);
  if (first === undefined || first === sentence) return `${sentence} ${nextStep}`;
  const all = [first, ...others].join(' ');
  const more = others.length === 0 ? [] : [t`And ${counted(others.length, 'other issue')}.`];
  const listed = all.length <= longest ? all : [first, ...more].join(' ');
  return `${counted(issues.length, 'issue')}: ${listed} ${sentence} ${nextStep}`;
}

function sentenceOf(
  { path, counts, phaseStates, role, warnings }: DatabaseFacts,
  { isTrusted, isInBrowser = false }: IdentityContext,
): string {
  const content = `${counted(counts.runs ?? 0, 'run')}, ${counted(counts.phases ?? 0, 'phase')} (${stateCountsLabel(phaseStates)}), ${counted(counts.tokenEstimationEvents ?? 0, 'sample')}`;
  return [
    sentences(databaseName(path), content)[role],
    ...(warnings.length === 0 ? [] : [`${counted(warnings.length, 'note')}.`]),
    ...(isTrusted && !isInBrowser
      ? []
      : [
          isInBrowser
            ? t`In the browser: copies, .env files, git, API servers and stale phases were not checked.`
            : t`Restricted Mode: copies, .env files, git, API servers and stale phases were not checked.`,
        ]),
  ].join(' ');
}

function nextOf({ counts, phaseStates }: DatabaseFacts): { nextStep: string; action: IdentityAction } {
  if ((counts.phases ?? 0) === 0) {
    return {
      nextStep: t`Seed a telemetry run into it.`,
      action: { title: t`Seed Telemetry Run`, command: 'seedRun', writes: true },
    };
  }
  const waiting = drainableCount(phaseStates);
  return waiting > 0
    ? {
        nextStep: t`${counted(waiting, 'phase')} can be drained.`,
        action: { title: t`Drain…`, command: 'drain', writes: true },
      }
    : lookAtTelemetry();
}

const lookAtTelemetry = (): { readonly nextStep: string; readonly action: IdentityAction } => ({
  nextStep: t`Look at its telemetry.`,
  action: { title: t`Analyze Telemetry`, command: 'analyzeTelemetry', writes: false },
});
