import * as vscode from 'vscode';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import { drift } from '../../core/identity/drift.ts';
import type { Finding } from '../../core/identity/findings.ts';
import type { ClockPort, LoggerPort } from '../../core/ports.ts';
import { t } from '../../core/text/l10n.ts';
import { ConfirmedSourceFile } from '../../node/identity/confirmedSourceFile.ts';
import { CanaryVerdicts } from '../../node/identity/askApiServer.ts';
import { defaultMaxAgeMinutes } from '../../node/maintenance/bulkChange.ts';
import { collectDatabaseSources, type SourcePlaces } from '../../node/maintenance/collectDatabaseSources.ts';
import { diagnose } from '../../node/maintenance/diagnose.ts';
import { databaseName } from '../../node/system/databaseName.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import type { ApiKeys } from '../apiServers/apiKeys.ts';
import { cutText, mayBeEmpty, type DatabaseState } from '../database/databaseState.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { settingsSection } from '../settingNames.ts';
import { readSetting } from '../settings.ts';
import { CoalescedTask, DisposableStore } from '../window/disposableStore.ts';
import { isInTrustedFolder, localFolders } from '../window/workspaceFolders.ts';
import { copySentence } from '../guard/askWhichFile.ts';
import { guardFolder, guardOf } from '../database/guardOf.ts';
import type { IgnoredIssues } from './ignoredIssues.ts';
import { issuesOf, type DriftReport } from './issues.ts';
import { settingSources, watchedSettings } from './settingSources.ts';

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

const nothing: DriftReport = { path: null, sources: [], findings: [], git: [], stale: null };
/** Commits come in bursts, and each look asks git and the list of processes. */
const restMs = 1500;

/** Looks again for drift whenever the selection, its file, a `.env` or a setting changes; off the way of what shows rows. */
export class DriftMonitor implements vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #changes = this.#store.add(new vscode.EventEmitter<DriftReport>());
  readonly onDidChange = this.#changes.event;
  readonly #deps: DriftMonitorDeps;
  readonly #looking = new CoalescedTask(() => this.#look());
  readonly #scope = new AbortController();
  #soon: NodeJS.Timeout | undefined;
  #report: DriftReport = nothing;
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

  /** Looks now, and resolves when it has. */
  async refresh(): Promise<void> {
    await this.#looking.run();
  }

  /**
   * Looks now, and gives every issue of the selected database, gravest first. That looking failed, or that the selection
   * was not known yet, is an issue itself: nobody should take it for an all-clear.
   */
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
      const report = this.#deps.ignored.filter(await this.#ask());
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

  async #ask(): Promise<DriftReport> {
    const { selected, reader, clock, apiKeys } = this.#deps;
    const folders = localFolders().map(({ uri }) => uri.fsPath);
    const path = selected.path ?? null;
    // What lies in an untrusted folder may name any place of this machine or of another, which a look alone would call;
    // and git and the list of processes are programs.
    if (!vscode.workspace.isTrusted) {
      const sources = await collectDatabaseSources({
        folders: [],
        environment: {},
        selection: path,
        readsNamedFiles: false,
      });
      return { ...nothing, path, sources: drift(sources), findings: selectionFindings(selected.state) };
    }
    const settings = settingSources();
    if (path === null || selected.state.kind !== 'ready' || selected.state.cut !== undefined) {
      const places = { folders, environment: process.env, selection: path, ...settings };
      const sources = await collectDatabaseSources(places);
      return { ...nothing, path, sources: drift(sources), findings: selectionFindings(selected.state) };
    }
    // Of a PostgreSQL database there is no file that git could take in.
    const asksGit = isPostgresPath(path) || (await isInTrustedFolder(path));
    const subject = {
      path,
      asksGit,
      folders,
      // With what the setting gives to drains: those run what is looked into here.
      environment: { ...process.env, ...readSetting('drain.environment') },
      apiUrls: readSetting('apiServers'),
      apiKeyFor: (address: string) => apiKeys.keyFor(address),
      others: [...settings.others, ...this.#deps.terminals()],
      dotenvFiles: settings.dotenvFiles,
      seesSettings: true,
      staleBefore: clock.now() - defaultMaxAgeMinutes * 60_000,
    };
    const guard = guardOf(path, this.#deps);
    const verdicts = new CanaryVerdicts(guardFolder(path));
    const confirmed = new ConfirmedSourceFile(guardFolder(path));
    const found = await diagnose(subject, { reader, guard, verdicts, confirmed, clock }, this.#scope.signal);
    const original = await guard.originalOf(found, this.#scope.signal);
    const inWords = found.findings.map((finding) =>
      finding.code === 'copy-or-restored' ? { ...finding, message: copySentence(found, original) } : finding,
    );
    const findings = [...selectionFindings(selected.state), ...inWords];
    const { drift: sources, git, stale, fingerprint } = found;
    return { path, sources, findings, git, stale, asksGit, migrations: fingerprint.migrations };
  }
}

/** What the state of the selection alone says should be fixed. A file that is gone has its row as a source. */
export function selectionFindings(state: DatabaseState): Finding[] {
  switch (state.kind) {
    case 'none':
    case 'checking':
      return [];
    case 'problem': {
      const { code, message, nextStep } = state.error;
      // Whoever writes it now will be done in a moment.
      if (code === 'not-found' || code === 'busy' || code === 'locked') return [];
      return [{ code: code === 'not-autopack' ? code : 'unreadable', message, nextStep }];
    }
    case 'ready':
      return [...cutFinding(state), ...replacedFinding(state), ...emptyFinding(state)];
  }
}

type ReadyState = Extract<DatabaseState, { kind: 'ready' }>;

function cutFinding(state: ReadyState): Finding[] {
  const message = cutText(state);
  if (message === null || state.cut === undefined) return [];
  return [{ code: 'unreadable', message: `${message}.`, nextStep: state.cut.error.nextStep }];
}

function replacedFinding({ path, replaced, facts: { server } }: ReadyState): Finding[] {
  if (!replaced) return [];
  const name = databaseName(path);
  const isFile = server === undefined;
  return [
    {
      code: 'replaced',
      message: isFile
        ? t`Another file took the place of ${name}, the one you selected.`
        : t`Another database took the place of ${name}, the one you selected.`,
      nextStep: isFile
        ? t`Check its identity; if it does not belong there, restore a backup.`
        : t`Check its identity; if it does not belong there, find out who put it there.`,
    },
  ];
}

function emptyFinding({ facts }: ReadyState): Finding[] {
  // The Runs view offers to seed it.
  if (mayBeEmpty(facts)) return [];
  const { warnings, role } = facts;
  const empty = warnings.find(({ code }) => code === 'empty' || code === 'no-phases');
  if (empty === undefined) return [];
  const nextStep =
    role === 'legacy'
      ? t`A backlog should hold phases: restore a backup, or select another database.`
      : t`Seed a telemetry run into it; if it should hold runs already, select another database.`;
  return [{ code: 'empty', message: empty.message, nextStep }];
}
