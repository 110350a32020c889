import * as vscode from 'vscode';
import type { Finding } from '../../core/identity/findings.ts';
import type { ClockPort, LoggerPort } from '../../core/ports.ts';
import { t } from '../../core/text/l10n.ts';
import type { SourcePlaces } from '../../node/maintenance/collectDatabaseSources.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import type { ApiKeys } from '../apiServers/apiKeys.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { settingsSection } from '../settingNames.ts';
import { CoalescedTask, DisposableStore } from '../window/disposableStore.ts';
import type { IgnoredIssues } from './ignoredIssues.ts';
import { issuesOf, noReport, type DriftReport, type IssueMonitor } from './issues.ts';

/** What looking needs. */
export interface DriftMonitorDeps {
  readonly reader: DatabaseReader;
  readonly clock: ClockPort;
  readonly selected: SelectedDatabase;
  readonly log: LoggerPort;
  readonly apiKeys: ApiKeys;
  readonly ignored: IgnoredIssues;
  /** What new terminals are given, if anything. */
  readonly terminals: () => NonNullable<SourcePlaces['others']>;
}

/** Settings of others that say which database programs started from the editor get; {@link settingSources} reads them. */
const watchedSettings = ['terminal.integrated.env', 'python.envFile'];
/** Commits come in bursts, and each look asks git and the list of processes. */
const restMs = 1500;

/** Looks again for drift whenever the selection, its file, a `.env` or a setting changes; off the way of what shows rows. */
export class DriftMonitor implements IssueMonitor, vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #changes = this.#store.add(new vscode.EventEmitter<DriftReport>());
  readonly onDidChange = this.#changes.event;
  readonly #deps: DriftMonitorDeps;
  readonly #looking = new CoalescedTask(() => this.#look());
  readonly #scope = new AbortController();
  #soon: NodeJS.Timeout | undefined;
  #report: DriftReport = noReport;
  /** Why the last look failed, if it did. */
  #problem: string | null = null;

  constructor(deps: DriftMonitorDeps) {
    this.#deps = deps;
    const dotenv = this.#store.add(vscode.workspace.createFileSystemWatcher('**/{.env,*.env}'));
    const lookSoon = (): void => this.#lookSoon();
    for (const disposable of [
      deps.selected.onDidChange(lookSoon),
      dotenv.onDidChange(lookSoon),
      dotenv.onDidCreate(lookSoon),
      dotenv.onDidDelete(lookSoon),
      deps.ignored.onDidChange(() => void this.refresh()),
      vscode.workspace.onDidGrantWorkspaceTrust(lookSoon),
      vscode.workspace.onDidChangeWorkspaceFolders(lookSoon),
      vscode.workspace.onDidChangeConfiguration(
        (event) =>
          [settingsSection, ...watchedSettings].some((name) => event.affectsConfiguration(name)) &&
          lookSoon(),
      ),
    ]) {
      this.#store.add(disposable);
    }
    lookSoon();
  }

  get report(): DriftReport {
    return this.#report;
  }

  async refresh(): Promise<void> {
    await this.#looking.run();
  }

  async lookForIssues(): Promise<readonly Finding[]> {
    const { selected } = this.#deps;
    if (selected.state.kind === 'checking') await selected.refresh();
    await this.refresh();
    if (this.#problem === null && this.#report.path === (selected.path ?? null))
      return issuesOf(this.#report);
    return [
      {
        code: 'unreadable',
        message:
          this.#problem === null
            ? t`The checks of the database were not completed.`
            : t`The checks of the database were not completed: ${this.#problem}.`,
        nextStep: t`Try again; the log has the details.`,
      },
    ];
  }

  dispose(): void {
    this.#scope.abort();
    clearTimeout(this.#soon);
    this.#store.dispose();
  }

  /** At once where what is known is of another database: that must not be taken for this one's. */
  #lookSoon(): void {
    this.#soon ??= setTimeout(
      () => {
        this.#soon = undefined;
        void this.#looking.run();
      },
      this.#deps.selected.path === this.#report.path ? restMs : 0,
    );
  }

  async #look(): Promise<void> {
    try {
      const { lookForDrift } = await import('./lookForDrift.ts');
      const report = this.#deps.ignored.filter(await lookForDrift(this.#deps, this.#scope.signal));
      if (this.#scope.signal.aborted) return;
      this.#report = report;
      this.#problem = null;
      this.#changes.fire(report);
    } catch (error) {
      if (this.#scope.signal.aborted) return;
      this.#problem = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
      this.#deps.log.warn(`Could not check for drift: ${String(error)}`);
    }
  }
}
