import * as vscode from 'vscode';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import type { ErrorCode } from '../../core/errors.ts';
import { roleInWords } from '../../core/identity/roleText.ts';
import { contextual, t } from '../../core/text/l10n.ts';
import { escapeMarkdown, inlineCode } from '../../core/text/markdown.ts';
import { printable } from '../../core/text/printable.ts';
import { commandLink } from '../commands/commandLink.ts';
import { cutText, roleOf, type DatabaseState } from '../database/databaseState.ts';
import { roleColor } from '../database/roleDecorations.ts';
import { databaseStatus, roleIcon, spokenStatus } from '../database/databaseStatus.ts';
import type { RunningOperation } from '../database/runningOperation.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { commandIds, type CommandName } from '../ids.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { contentFacts, fileFacts, warningFacts } from './identityFacts.ts';
import { attentionList, attentionWords, type DriftReport, type IssueMonitor } from './issues.ts';
import { looksLikeAutopack } from './looksLikeAutopack.ts';

const linkable: readonly CommandName[] = [
  'selectDatabase',
  'connectPostgres',
  'checkIdentity',
  'adoptDatabase',
  'setProtectionLevel',
  'createSeedDatabase',
  'seedRun',
  'drain',
  'analyzeTelemetry',
  'showIdentity',
  'fixIssue',
  'restoreBackup',
];

/** What restoring a backup fixes. */
const restorable: ReadonlySet<ErrorCode> = new Set(['not-found', 'corrupt', 'not-sqlite']);

/** What the status bar item needs. */
export interface DatabaseStatusItemDeps {
  readonly selected: SelectedDatabase;
  readonly monitor: IssueMonitor;
  readonly running: RunningOperation;
  /** Whether only what reads is offered. */
  readonly isInBrowser?: boolean;
  /** Fires when the person turns to the extension. */
  readonly onDidShowView: vscode.Event<void>;
  readonly errors: ErrorReporter;
}

/** Shows the selected database in the status bar; that there is none, only where one would be expected. */
export function registerDatabaseStatusItem(deps: DatabaseStatusItemDeps): DisposableStore {
  const { selected, monitor, running, onDidShowView, isInBrowser = false, errors } = deps;
  const store = new DisposableStore();
  // Left, beside what says where one works: the branch, the remote.
  const item = store.add(
    vscode.window.createStatusBarItem('autopackHygiene.database', vscode.StatusBarAlignment.Left, 41),
  );
  item.name = t`Autopack Database`;
  // An item of its own, right before the other: the item of words takes the colors of a warning, and must be legible on any status bar.
  const mark = store.add(
    vscode.window.createStatusBarItem('autopackHygiene.role', vscode.StatusBarAlignment.Left, 41.1),
  );
  mark.name = t`Autopack Database Role`;
  const showRole = (state: DatabaseState): void => {
    const role = roleOf(state);
    if (role === undefined) {
      mark.hide();
      return;
    }
    mark.text = roleIcon(role);
    mark.color = roleColor(role);
    mark.tooltip = t`Autopack database: ${roleInWords(role)}`;
    mark.accessibilityInformation = { label: mark.tooltip, role: 'button' };
    mark.command = commandIds.checkIdentity;
    mark.show();
  };
  let isExpected = false;
  const show = (state: DatabaseState): void => {
    const report = reportOn(state, monitor);
    const wrongRole = state.kind === 'ready' ? running.wrongRole(state.facts.role) : null;
    const status = databaseStatus(state, report === null ? [] : attentionWords(report), wrongRole);
    const { text, severity, command } = status;
    item.text = printable(text);
    item.accessibilityInformation = { label: printable(spokenStatus(status)), role: 'button' };
    item.command = commandIds[command];
    item.backgroundColor =
      severity === 'warning' ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    item.tooltip = tooltip(state, report, wrongRole, isInBrowser);
    showRole(state);
    if (isExpected || state.kind !== 'none') item.show();
  };
  const expect = (): void => {
    isExpected = true;
    show(selected.state);
  };
  store.add(selected.onDidChange(show));
  store.add(selected.onDidRecognise(show));
  store.add(monitor.onDidChange(() => show(selected.state)));
  store.add(running.onDidChange(() => show(selected.state)));
  store.add(onDidShowView(expect));
  show(selected.state);
  errors.watch(looksLikeAutopack().then((does) => (does ? expect() : undefined)));
  return store;
}

/** What was found about this very database: of the one selected before, nothing may be said. */
function reportOn(state: DatabaseState, { report }: IssueMonitor): DriftReport | null {
  return state.kind !== 'none' && state.path === report.path ? report : null;
}

function tooltip(
  state: DatabaseState,
  report: DriftReport | null,
  wrongRole: string | null,
  isInBrowser: boolean,
): vscode.MarkdownString {
  const parts = [
    wrongRole === null ? null : `$(warning) **${t`Stop: ${wrongRole}.`}**`,
    report === null ? null : attentionList(report),
    tooltipText(state),
    '---',
    isInBrowser ? browserLinks(state) : links(state),
  ];
  const markdown = new vscode.MarkdownString(parts.filter((part) => part !== null).join('\n\n'), true);
  markdown.isTrusted = { enabledCommands: linkable.map((name) => commandIds[name]) };
  return markdown;
}

function tooltipText(state: DatabaseState): string {
  switch (state.kind) {
    case 'none':
      return `**${t`No Autopack database selected`}**\n\n${t`Choose one to start.`}`;
    case 'checking':
      return t`Checking ${inlineCode(state.path)}…`;
    case 'problem':
      return `**${escapeMarkdown(state.error.message)}**\n\n${escapeMarkdown(state.error.nextStep)}\n\n${inlineCode(state.path)}`;
    case 'ready': {
      const replaced = state.replaced
        ? `$(warning) ${state.facts.server === undefined ? t`Another file took the place of the one you selected.` : t`Another database took the place of the one you selected.`}`
        : null;
      const cut = cutText(state);
      const warnings = warningFacts(state.facts);
      return [
        `**${t`Autopack database`}**`,
        cut === null ? null : `$(debug-disconnect) ${escapeMarkdown(cut)}.`,
        replaced,
        warnings === null ? null : `$(warning) ${t`Notes`}\n\n${warnings}`,
        fileFacts(state.facts),
        contentFacts(state.facts),
      ]
        .filter((part) => part !== null)
        .join('\n\n');
    }
  }
}

/** What can be done in the browser, where nothing is written. */
function browserLinks(state: DatabaseState): string {
  const select = commandLink(`$(database) ${t`Select Database`}`, 'selectDatabase');
  const check = commandLink(`$(shield) ${t`Check Identity`}`, 'checkIdentity');
  if (state.kind === 'none') return select;
  const analyze = commandLink(`$(graph-scatter) ${t`Analyze Telemetry`}`, 'analyzeTelemetry');
  return [check, ...(state.kind === 'ready' ? [analyze] : []), select].join(' · ');
}

function links(state: DatabaseState): string {
  const select = commandLink(`$(database) ${t`Select Database`}`, 'selectDatabase');
  const create = commandLink(`$(new-file) ${t`Create Telemetry Seed Database`}`, 'createSeedDatabase');
  const check = commandLink(`$(shield) ${t`Check Identity`}`, 'checkIdentity');
  if (state.kind === 'none') return `${select} · ${create}`;
  const restore = commandLink(`$(history) ${t`Restore Backup`}`, 'restoreBackup');
  const connect = commandLink(`$(plug) ${t`Connect to PostgreSQL`}`, 'connectPostgres');
  if (state.kind === 'problem' && isPostgresPath(state.path)) return [connect, check, select].join(' · ');
  if (state.kind === 'problem' && restorable.has(state.error.code))
    return [restore, check, select].join(' · ');
  if (state.kind !== 'ready') return [check, select].join(' · ');
  const seed = commandLink(`$(add) ${t`Seed Telemetry Run`}`, 'seedRun');
  const next =
    state.facts.counts.phases === 0
      ? [seed]
      : [
          commandLink(`$(play) ${contextual('verb')`Drain`}`, 'drain'),
          commandLink(`$(graph-scatter) ${t`Analyze Telemetry`}`, 'analyzeTelemetry'),
        ];
  const protect =
    state.facts.roleSource === 'identity-table'
      ? [commandLink(`$(lock) ${t`Set Protection Level`}`, 'setProtectionLevel')]
      : [commandLink(`$(verified) ${t`Adopt Database`}`, 'adoptDatabase')];
  return [
    check,
    ...(state.replaced && state.facts.server === undefined ? [restore] : []),
    ...next,
    ...protect,
    select,
  ].join(' · ');
}
