import { basename } from 'node:path';
import * as vscode from 'vscode';
import { t } from '../../core/text/l10n.ts';
import type { SessionTarget } from '../ids.ts';
import type { TreeNode } from '../window/treeView.ts';
import { formatMinute } from '../../core/text/times.ts';
import { fromSession, DrainedPhaseNode } from './drainedPhaseNode.ts';
import {
  isResumable,
  sessionDescription,
  sessionEnd,
  sessionLabel,
  sessionStart,
  sessionTooltip,
  type SessionEnd,
} from './sessionTexts.ts';
import type { StoredDrain } from './followedDrainStore.ts';

const icons: Readonly<Record<SessionEnd, readonly [icon: string, color: string]>> = {
  good: ['pass', 'charts.green'],
  mixed: ['warning', 'list.warningForeground'],
  bad: ['error', 'testing.iconFailed'],
  stopped: ['debug-pause', 'charts.yellow'],
  elsewhere: ['sync', 'charts.blue'],
  interrupted: ['debug-disconnect', 'list.warningForeground'],
};

/** A session of the past; what is in its files is read after its row is there. */
export class SessionNode implements TreeNode, SessionTarget {
  readonly kind = 'session';
  readonly id: string;
  readonly folder: string;
  readonly sessionId: string;
  /** Said only where several folders are open. */
  readonly #showsFolder: boolean;
  #content: StoredDrain | Error | undefined;
  #children: readonly DrainedPhaseNode[] = [];

  constructor({ folder, sessionId }: SessionTarget, showsFolder: boolean) {
    this.folder = folder;
    this.sessionId = sessionId;
    this.id = SessionNode.idOf({ folder, sessionId });
    this.#showsFolder = showsFolder;
  }

  static idOf({ folder, sessionId }: SessionTarget): string {
    return JSON.stringify(['session', folder, sessionId]);
  }

  /** What was read, or why it could not be. */
  get content(): StoredDrain | Error | undefined {
    return this.#content;
  }

  /** Whether it was under way when it was read. */
  get isRunning(): boolean {
    return this.#content !== undefined && !(this.#content instanceof Error) && this.#content.isRunning;
  }

  get children(): readonly DrainedPhaseNode[] {
    return this.#children;
  }

  /** Takes what is in its files now. */
  update(content: StoredDrain | Error): void {
    this.#content = content;
    const phases = content instanceof Error ? [] : fromSession(content);
    this.#children = phases.map((phase, index) => new DrainedPhaseNode(phase, this.id, index));
  }

  treeItem(): vscode.TreeItem {
    const { None, Collapsed } = vscode.TreeItemCollapsibleState;
    const content = this.#content;
    const item = new vscode.TreeItem(this.sessionId, this.#children.length === 0 ? None : Collapsed);
    item.id = this.id;
    item.contextValue = 'session';
    item.iconPath = new vscode.ThemeIcon('history');
    if (content instanceof Error) {
      item.description = t`not readable`;
      item.iconPath = new vscode.ThemeIcon('question', new vscode.ThemeColor('testing.iconUnset'));
    } else if (content !== undefined) {
      const startedAt = sessionStart(content);
      const label = sessionLabel(content);
      item.label = label;
      item.description = [
        ...(startedAt === null ? [this.sessionId] : [formatMinute(startedAt)]),
        sessionDescription(content),
        ...(this.#showsFolder ? [basename(this.folder)] : []),
      ].join(' · ');
      if (isResumable(content)) item.contextValue = 'session;resumable';
      const [icon, color] = icons[sessionEnd(content)];
      item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
      item.accessibilityInformation = { label: t`Past drain: ${label}, ${item.description}` };
    }
    return item;
  }

  tooltip(): vscode.MarkdownString | undefined {
    if (this.#content === undefined) return undefined;
    return new vscode.MarkdownString(sessionTooltip(this.#content, this.sessionId), true);
  }
}
