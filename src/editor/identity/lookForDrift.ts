import * as vscode from 'vscode';
import { isPostgresPath } from '../../core/db/postgresUrl.ts';
import { drift } from '../../core/identity/drift.ts';
import { CanaryVerdicts } from '../../node/identity/askApiServer.ts';
import { ConfirmedSourceFile } from '../../node/identity/confirmedSourceFile.ts';
import { defaultMaxAgeMinutes } from '../../node/maintenance/bulkChange.ts';
import { collectDatabaseSources } from '../../node/maintenance/collectDatabaseSources.ts';
import { diagnose } from '../../node/maintenance/diagnose.ts';
import { guardFolder } from '../database/guardFolder.ts';
import { guardOf } from '../database/guardOf.ts';
import { copySentence } from '../guard/askWhichFile.ts';
import { readSetting } from '../settings.ts';
import { localFolders } from '../window/workspaceFolders.ts';
import type { DriftMonitorDeps } from './driftMonitor.ts';
import { noReport, type DriftReport } from './issues.ts';
import { selectionFindings } from './selectionFindings.ts';
import { settingSources } from './settingSources.ts';
import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';

/** Looks for drift around the selected database; before the workspace is trusted, only at the selection. */
export async function lookForDrift(deps: DriftMonitorDeps, signal: AbortSignal): Promise<DriftReport> {
  const { selected, reader, clock, apiKeys } = deps;
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
    return { ...noReport, path, sources: drift(sources), findings: selectionFindings(selected.state) };
  }
  const settings = settingSources();
  if (path === null || selected.state.kind !== 'ready' || selected.state.cut !== undefined) {
    const places = { folders, environment: process.env, selection: path, ...settings };
    const sources = await collectDatabaseSources(places);
    return { ...noReport, path, sources: drift(sources), findings: selectionFindings(selected.state) };
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
    others: [...settings.others, ...deps.terminals()],
    dotenvFiles: settings.dotenvFiles,
    seesSettings: true,
    staleBefore: clock.now() - defaultMaxAgeMinutes * 60_000,
  };
  const guard = guardOf(path, deps);
  const verdicts = new CanaryVerdicts(guardFolder(path));
  const confirmed = new ConfirmedSourceFile(guardFolder(path));
  const found = await diagnose(subject, { reader, guard, verdicts, confirmed, clock }, signal);
  const original = await guard.originalOf(found, signal);
  const inWords = found.findings.map((finding) =>
    finding.code === 'copy-or-restored' ? { ...finding, message: copySentence(found, original) } : finding,
  );
  const findings = [...selectionFindings(selected.state), ...inWords];
  const { drift: sources, git, stale, fingerprint } = found;
  return { path, sources, findings, git, stale, asksGit, migrations: fingerprint.migrations };
}

/**
 * Whether a file really lies in a trusted folder. A window's trust covers its folders alone: a database that was opened
 * from elsewhere may lie in a clone of anybody's, whose git configuration names programs.
 */
async function isInTrustedFolder(path: string): Promise<boolean> {
  if (!vscode.workspace.isTrusted) return false;
  const real = (each: string): Promise<string> => realpath(each).catch(() => each);
  const file = await real(path);
  const folders = await Promise.all(localFolders().map(({ uri }) => real(uri.fsPath)));
  return folders.some((folder) => file.startsWith(folder.endsWith(sep) ? folder : folder + sep));
}
