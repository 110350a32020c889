import * as vscode from 'vscode';
import type { Finding } from '../../core/identity/findings.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import { fileReport } from './fileReport.ts';
import type { IgnoredIssues } from './ignoredIssues.ts';
import { issuesOf, type DriftReport, type IssueMonitor } from './issues.ts';

/** What the selected file says of itself, where nothing else can be looked at: no pins, no git, no `.env`, no servers. */
export class FileMonitor implements IssueMonitor, vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #changes = this.#store.add(new vscode.EventEmitter<DriftReport>());
  readonly onDidChange = this.#changes.event;
  readonly #selected: SelectedDatabase;
  readonly #ignored: IgnoredIssues;

  constructor(selected: SelectedDatabase, ignored: IgnoredIssues) {
    this.#selected = selected;
    this.#ignored = ignored;
    const tell = (): void => this.#changes.fire(this.report);
    this.#store.add(selected.onDidChange(tell));
    this.#store.add(ignored.onDidChange(tell));
  }

  get report(): DriftReport {
    return this.#ignored.filter(fileReport(this.#selected.state));
  }

  async refresh(): Promise<void> {
    if (this.#selected.path !== undefined) await this.#selected.refresh();
  }

  async lookForIssues(): Promise<readonly Finding[]> {
    if (this.#selected.state.kind === 'checking') await this.refresh();
    return issuesOf(this.report);
  }

  dispose(): void {
    this.#store.dispose();
  }
}
