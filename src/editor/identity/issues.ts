import type * as vscode from 'vscode';
import { isDrifting, originText, type SourceDrift } from '../../core/identity/drift.ts';
import { isWrong, sourceFinding, type Finding } from '../../core/identity/findings.ts';
import { gitProblem, type GitFinding } from '../../core/identity/gitFinding.ts';
import type { StaleFindings } from '../../core/identity/stalePhase.ts';
import type { MigrationState } from '../../core/model/databaseFacts.ts';
import { fileName } from '../../core/db/pathParts.ts';
import { t } from '../../core/text/l10n.ts';
import { escapeMarkdown } from '../../core/text/markdown.ts';
import { commandLink } from '../commands/commandLink.ts';
import { findingFixes, fixLabel } from './findingFixes.ts';

/** Looks for issues of the selected database, and tells when it found others. */
export interface IssueMonitor {
  readonly report: DriftReport;
  readonly onDidChange: vscode.Event<DriftReport>;
  /** Looks now, and resolves when it has. */
  refresh(): Promise<void>;
  /**
   * Looks now, and gives every issue of the selected database, gravest first. That looking failed, or that the selection
   * was not known yet, is an issue itself: nobody should take it for an all-clear.
   */
  lookForIssues(): Promise<readonly Finding[]>;
}

/** Something that is told of a database on a row of its own. */
export interface IdentityFact {
  readonly name: string;
  readonly value: string;
  /** A codicon. */
  readonly icon: string;
}

/** What was last found about the selected database and what names it. */
export interface DriftReport {
  /** Absolute; `null` where nothing is selected. */
  readonly path: string | null;
  readonly sources: readonly SourceDrift[];
  /** Besides sources that differ: identity, git, stale phases, what a canary left. */
  readonly findings: readonly Finding[];
  readonly git: readonly GitFinding[];
  readonly stale: StaleFindings | null;
  /** What Alembic has noted in the database; absent where nothing was looked into. */
  readonly migrations?: MigrationState;
  /** What the file itself tells, where it is all that there is to tell. */
  readonly facts?: readonly IdentityFact[];
  /** How many issues a person chose to ignore; absent for none. */
  readonly ignored?: number;
  /** `false` where the database lies outside of the trusted folders, so that git was not asked about it. */
  readonly asksGit?: boolean;
}

/** Of no database. */
export const noReport: DriftReport = { path: null, sources: [], findings: [], git: [], stale: null };

/** What belongs on the status bar, in as few words as will do. A database may well not be adopted. */
const words = (): Readonly<Partial<Record<Finding['code'], string>>> => ({
  'different-id': t`not the database known here`,
  'copy-or-restored': t`a copy or a restored file`,
  'older-state': t`an older state than seen here`,
  'other-history': t`changed elsewhere`,
  'role-changed': t`its role was changed`,
  'pins-unreadable': t`record of known databases unreadable`,
  'source-changed': t`DATABASE_URL changed, not confirmed`,
  'drain-killed': t`a drain was killed`,
  'stale-phases': t`stale phases`,
  'canary-left': t`a canary run is left in it`,
  'no-migrations': t`made without migrations`,
});

/** What is graver than drift. */
const gravest: readonly Finding['code'][] = [
  'different-id',
  'copy-or-restored',
  'older-state',
  'other-history',
  'role-changed',
  'pins-unreadable',
  'replaced',
  'unreadable',
  'not-autopack',
];

/** Every issue that the Identity view and `doctor` have, gravest first: identity, then what names another database, then the rest. */
export function issuesOf({ findings, sources }: DriftReport): Finding[] {
  const others = othersThanSources(findings);
  const isGrave = ({ code }: Finding): boolean => gravest.includes(code);
  return [
    ...others.filter(isGrave),
    ...sources.filter(isWrong).map((each) => sourceFinding(each, fixLabel)),
    ...others.filter((finding) => !isGrave(finding)),
  ];
}

/** What to know before working on the database, each in a few words, gravest first; empty where all is well. */
export function attentionWords({ findings, sources, git }: DriftReport): string[] {
  const wordsOf = (codes: (code: Finding['code']) => boolean): string[] =>
    findings.flatMap(({ code }) => (codes(code) ? (words()[code] ?? []) : []));
  const isGrave = (code: Finding['code']): boolean => gravest.includes(code);
  return [
    ...wordsOf(isGrave),
    ...sources.filter(isDrifting).map(driftWords),
    ...sources
      .filter((each) => isWrong(each) && !isDrifting(each))
      .map(({ source: { target } }) =>
        target.kind === 'server' && target.isRefusing === true
          ? t`an API server requires its API key`
          : t`an API server may have another database`,
      ),
    ...wordsOf((code) => !isGrave(code)),
    ...gitWords(git),
  ];
}

/** Without what is long and stands in the tooltip: folders, and the names of settings. */
function driftWords({ source: { origin } }: SourceDrift): string {
  if (origin.kind === 'api-server') return t`drift: API server ${origin.url.replace(/^https?:[/]{2}/, '')}`;
  if ('variable' in origin || 'urlFile' in origin || origin.kind === 'setting')
    return placed(origin.variable ?? 'DATABASE_URL')[origin.kind];
  if (origin.kind === 'dotenv') return t`drift: DATABASE_URL in ${fileName(origin.file)}`;
  return t`drift: ${originText(origin)}`;
}

const placed = (variable: string) => ({
  setting: t`drift: ${variable} in a setting`,
  dotenv: t`drift: ${variable} in .env`,
  environment: t`drift: ${variable} in the environment`,
});

/** One for the database and what lies beside it: the fix is one, too. */
function gitWords(git: DriftReport['git']): string[] {
  const wrong = git.filter((each) => gitProblem(each) !== null);
  if (wrong.length === 0) return [];
  if (wrong.some(({ isStaged }) => isStaged)) return [t`staged for a commit in git`];
  return [wrong.some(({ isTracked }) => isTracked) ? t`tracked by git` : t`not ignored by git`];
}

/** All of it for the tooltip, each with its fix as a link; `null` where all is well. */
export function attentionList({ path, findings, sources }: DriftReport): string | null {
  const ofSources = sources
    .filter(isWrong)
    .map((each) => item(each.message, each.fixes.length === 0 ? null : t`Fix…`, sourceId(each)));
  const ofFindings = othersThanSources(findings)
    .filter(({ code }) => code in words() || code === 'git')
    .map((finding) => {
      const [fix, ...others] = findingFixes(finding, null, path);
      const title = others.length > 0 ? t`Fix…` : (fix?.title ?? null);
      return item(finding.message, title, findingId(finding));
    });
  const list = [...ofSources, ...ofFindings];
  if (list.length === 0) return null;
  const all = commandLink(`$(shield) ${t`Show Database Sources`}`, 'showIdentity');
  return [`**${t`Issues`}**`, '', ...list, '', all, '', '---'].join('\n');
}

function item(message: string, fix: string | null, id: string): string {
  const link = fix === null ? '' : ` ${commandLink(`$(wrench) ${fix}`, 'fixIssue', { id })}`;
  return `- $(warning) ${escapeMarkdown(message)}${link}`;
}

/** By what the row of a finding is known, to the tree, to the links of the status bar, and to what a person ignores. */
export function findingId({ code, about, message }: Finding): string {
  return JSON.stringify(['finding', code, about ?? message]);
}

/** By what the row of a source is known. */
export function sourceId({ source: { origin, given } }: SourceDrift): string {
  // Folders of a window may set one setting differently.
  return JSON.stringify(['source', origin, given]);
}

/** The findings without those about sources, which have rows of their own. */
export function othersThanSources(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ code }) => code !== 'drift' && code !== 'api-server');
}
