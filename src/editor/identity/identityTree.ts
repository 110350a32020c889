import * as vscode from 'vscode';
import { originText, variableText, type SourceDrift } from '../../core/identity/drift.ts';
import { isWrong, type Finding } from '../../core/identity/findings.ts';
import { migrationsText } from '../../core/identity/schemaFacts.ts';
import { contextual, t } from '../../core/text/l10n.ts';
import { escapeMarkdown } from '../../core/text/markdown.ts';
import { formatMinute } from '../../core/text/times.ts';
import { databaseFolder, databaseName } from '../../core/db/databaseName.ts';
import { separatorOf } from '../../core/db/pathParts.ts';
import { safeTreeItem } from '../window/safeTreeItem.ts';
import { commandIds } from '../ids.ts';
import { findingFixes, fixLabel } from './findingFixes.ts';
import { mayBeIgnored } from './ignoredIssues.ts';
import {
  findingId,
  othersThanSources,
  sourceId,
  type DriftReport,
  type IdentityFact,
  type IssueMonitor,
} from './issues.ts';

/** The rows of the Identity view: issues first, then everything that names a database. */
export class IdentityTree implements vscode.TreeDataProvider<IdentityNode>, vscode.Disposable {
  readonly #changes = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changes.event;
  readonly #subscription: vscode.Disposable;
  #rows: readonly IdentityNode[];

  constructor(monitor: IssueMonitor) {
    this.#rows = rowsOf(monitor.report);
    this.#subscription = monitor.onDidChange((report) => {
      const rows = rowsOf(report);
      // Rows that say the same are left alone, so that nothing flickers.
      const isSame = JSON.stringify(rows) === JSON.stringify(this.#rows);
      this.#rows = rows;
      if (!isSame) this.#changes.fire(undefined);
    });
  }

  getTreeItem(node: IdentityNode): vscode.TreeItem {
    return safeTreeItem(node.treeItem());
  }

  getChildren(node?: IdentityNode): IdentityNode[] {
    return node === undefined ? [...this.#rows] : [];
  }

  /** The row with an id, if it is still there. */
  find(id: string): IdentityNode | undefined {
    return this.#rows.find((row) => row.id === id);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changes.dispose();
  }
}

function rowsOf({ path, findings, sources, migrations, facts }: DriftReport): IdentityNode[] {
  const isTold = findings.some(({ code }) => code === 'no-migrations');
  const text = migrations === undefined || isTold ? null : migrationsText(migrations);
  return [
    ...othersThanSources(findings).map((finding) => new FindingNode(finding, path ?? '')),
    ...sources.map((each) => new SourceNode(each)),
    ...(facts ?? []).map((fact) => new FactNode(fact)),
    ...(text === null
      ? []
      : [new FactNode({ name: t`Migrations`, value: text, icon: 'versions' }, `Alembic: ${text}`)]),
  ];
}

/** What a click on a row does, see `openIdentityRow`. */
function openCommand(id: string): vscode.Command {
  return { command: commandIds.openIdentityRow, title: t`Open`, arguments: [{ id }] };
}

const warningIcon = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));

/** A row that tells an issue, besides sources that differ. */
class FindingNode {
  readonly kind = 'finding';
  readonly id: string;
  readonly finding: Finding;
  readonly #databasePath: string;

  /** `databasePath` is that of the selected database; absolute. */
  constructor(finding: Finding, databasePath: string) {
    this.finding = finding;
    this.#databasePath = databasePath;
    this.id = findingId(finding);
  }

  treeItem(): vscode.TreeItem {
    const { code, message, nextStep } = this.finding;
    const item = new vscode.TreeItem(findingLabels()[code]);
    item.id = this.id;
    item.description = shortMessage(message, this.#databasePath);
    item.iconPath = warningIcon;
    const isFixable = findingFixes(this.finding, null, this.#databasePath).length > 0;
    item.contextValue = `finding${mayBeIgnored(this.finding) ? ';ignorable' : ''}${isFixable ? ';fixable' : ''}`;
    item.command = openCommand(this.id);
    item.tooltip = new vscode.MarkdownString(`${escapeMarkdown(message)}\n\n${escapeMarkdown(nextStep)}`);
    item.accessibilityInformation = { label: t`Warning: ${message} ${nextStep}` };
    return item;
  }
}

/** A row for one thing that says which database is meant, and the file that comes to. */
class SourceNode {
  readonly kind = 'source';
  readonly id: string;
  readonly drift: SourceDrift;

  constructor(drift: SourceDrift) {
    this.drift = drift;
    this.id = sourceId(drift);
  }

  treeItem(): vscode.TreeItem {
    const { source, state, message, fixes } = this.drift;
    const label = originLabel(this.drift);
    const item = new vscode.TreeItem(label);
    item.id = this.id;
    item.description = descriptionOf(this.drift);
    item.iconPath = isWrong(this.drift) ? warningIcon : new vscode.ThemeIcon(stateIcons[state]);
    const isIgnorable = isWrong(this.drift) && source.origin.kind !== 'selection';
    item.contextValue = `source${isIgnorable ? ';ignorable' : ''}${fixes.length > 0 ? ';fixable' : ''}`;
    item.command = openCommand(this.id);
    const lines = [
      message,
      ...(source.given === null ? [] : [t`Given as ${source.given}`]),
      ...fixes.map(fixLabel),
    ];
    item.tooltip = new vscode.MarkdownString(lines.map(escapeMarkdown).join('\n\n'));
    item.accessibilityInformation = { label: `${label}: ${message}` };
    return item;
  }
}

/** A row that tells something of the database with which nothing is wrong. */
class FactNode {
  readonly kind = 'fact';
  readonly id: string;
  readonly fact: IdentityFact;
  readonly #tooltip: string;

  constructor(fact: IdentityFact, tooltip = `${fact.name}: ${fact.value}`) {
    this.fact = fact;
    this.id = JSON.stringify(['fact', fact.name]);
    this.#tooltip = tooltip;
  }

  treeItem(): vscode.TreeItem {
    const { name, value, icon } = this.fact;
    const item = new vscode.TreeItem(name);
    item.id = this.id;
    item.description = value;
    item.iconPath = new vscode.ThemeIcon(icon);
    item.tooltip = this.#tooltip;
    item.accessibilityInformation = { label: this.#tooltip };
    item.command = openCommand(this.id);
    return item;
  }
}

/** A row of the view. */
export type IdentityNode = FindingNode | SourceNode | FactNode;

/** What a finding is about, in two or three words: on its row and in the status bar. */
const findingLabels = (): Readonly<Record<Finding['code'], string>> => ({
  'not-adopted': t`Not adopted`,
  'copy-or-restored': t`Copy or restored file`,
  'older-state': t`Older state`,
  'other-history': t`Changed elsewhere`,
  'different-id': t`Another database`,
  'role-changed': t`Role changed`,
  'source-changed': t`Source changed`,
  'pins-unreadable': t`Record unreadable`,
  drift: contextual('database')`Drift`,
  'api-server': t`API server`,
  git: 'Git',
  'no-migrations': t`No migrations`,
  'drain-killed': t`Killed drain`,
  'lock-left': t`Lock left`,
  'stale-phases': t`Stale phases`,
  'canary-left': t`Canary run left`,
  replaced: t`Replaced file`,
  unreadable: t`Unreadable`,
  empty: t`Empty`,
  'not-autopack': t`Not Autopack`,
});

/** The tooltip has the whole path, which would take the room of what is said of it. */
function shortMessage(message: string, databasePath: string): string {
  const folder = databaseFolder(databasePath);
  return folder === null
    ? message.replaceAll(databasePath, databaseName(databasePath))
    : message.replaceAll(`${folder}${separatorOf(folder)}`, '');
}

const stateWords = (): Readonly<Record<SourceDrift['state'], string>> => ({
  same: t`the selected database`,
  differs: t`another database`,
  missing: t`no such file`,
  invalid: t`no database`,
  unknown: t`database unknown`,
  unselected: '',
});

const stateIcons: Readonly<Record<SourceDrift['state'], string>> = {
  same: 'pass',
  differs: 'history',
  missing: 'history',
  invalid: 'circle-slash',
  unknown: 'question',
  unselected: 'circle-outline',
};

function descriptionOf(drift: SourceDrift): string {
  const { target, origin } = drift.source;
  // That the selection is the selected database goes without saying.
  if (origin.kind === 'selection' && drift.state === 'same' && target.kind === 'file')
    return databaseName(target.path);
  return `${stateWord(drift)}${namedFile(drift)}${canaryAge(drift)}`;
}

function namedFile({ source: { target }, state }: SourceDrift): string {
  if (target.kind !== 'file' || state === 'same') return '';
  return `${state === 'unselected' ? '' : ': '}${databaseName(target.path)}`;
}

function stateWord({ source: { target }, state }: SourceDrift): string {
  if (target.kind !== 'server') return stateWords()[state];
  if (target.isRefusing === true) return t`requires its API key`;
  return stateWords()[state];
}

function canaryAge({ source: { target } }: SourceDrift): string {
  return target.kind === 'server' && target.canary !== undefined
    ? ` (${t`canary, ${target.canary.age}`})`
    : '';
}

function originLabel({ source: { origin } }: SourceDrift): string {
  if (origin.kind === 'selection') return t`Selected`;
  if (origin.kind === 'dotenv')
    return t`${variableText(origin)} in ${vscode.workspace.asRelativePath(origin.file)}`;
  // In a narrow view there is room for little more than its date.
  if (origin.kind === 'drain-session') return t`Drain of ${formatMinute(origin.startedAt)}`;
  if (origin.kind === 'api-server') return t`API server ${origin.url}`;
  const text = originText(origin);
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
