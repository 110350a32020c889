import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { UserFacingError } from '../../core/errors.ts';
import type { PhaseKey } from '../../core/model/phase.ts';
import { t } from '../../core/text/l10n.ts';
import { traceOfPhase } from '../../node/drain/failureTraces.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import type { CommandHandlers } from '../commands/registerCommand.ts';
import { targetInSelected } from '../commands/rowDocuments.ts';
import { phaseTarget } from '../commands/targets.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { localFolders, requireTrust } from '../window/workspaceFolders.ts';

/** What opening the files of a phase needs. */
export interface PhaseFilesDeps {
  readonly reader: DatabaseReader;
  readonly selected: SelectedDatabase;
}

/** Opening what a phase was to deliver, and the log of its last execution. */
export function phaseFileCommands(
  deps: PhaseFilesDeps,
): CommandHandlers<'openDeliverables' | 'openPhaseLog'> {
  const { selected } = deps;
  const keyOf = (argument: unknown): PhaseKey => phaseTarget(targetInSelected(argument, selected.path));
  return {
    openDeliverables: (target) => openDeliverables(keyOf(target), deps),
    openPhaseLog: (target) => openPhaseLog(keyOf(target), deps),
  };
}

interface Deliverable {
  /** As the phase names it. */
  readonly name: string;
  /** Absolute; `null` where there is no such file in the folders of the window. */
  readonly path: string | null;
}

async function openDeliverables(key: PhaseKey, { reader, selected }: PhaseFilesDeps): Promise<void> {
  requireTrust(t`Opening deliverables`);
  const { runId, phaseId } = key;
  const { value: phase } = await reader.request(selected.requirePath(), 'phase', { runId, phaseId });
  const names = [...new Set(phase.scope.deliverables)];
  if (names.length === 0) {
    throw new UserFacingError(
      'not-found',
      t`The phase ${phaseId} names no deliverables.`,
      t`Show its details.`,
    );
  }
  const found = await Promise.all(names.map(async (name) => ({ name, path: await findDeliverable(name) })));
  const there = found.filter(({ path }) => path !== null);
  if (there.length === 0) {
    throw new UserFacingError(
      'not-found',
      t`None of the ${names.length} deliverables of ${phaseId} is in the folders of this window.`,
      t`Drain the phase, or open the folder in which it was built.`,
    );
  }
  const [only] = found;
  const chosen = found.length === 1 ? only : await chooseDeliverable(found, phaseId);
  if (chosen?.path === null || chosen === undefined) return;
  await vscode.window.showTextDocument(vscode.Uri.file(chosen.path), { preview: true });
}

async function chooseDeliverable(
  found: readonly Deliverable[],
  phaseId: string,
): Promise<Deliverable | undefined> {
  const items = found.map((deliverable) => ({
    deliverable,
    label: `$(${deliverable.path === null ? 'circle-slash' : 'file'}) ${deliverable.name}`,
    description: deliverable.path === null ? t`no such file` : '',
  }));
  const picked = await safeWindow.showQuickPick(items, {
    title: t`Deliverables of ${phaseId}`,
    placeHolder: t`Which file do you want to open?`,
  });
  return picked?.deliverable;
}

/** A database may name any path of this machine: only what lies in a folder of the window is opened, by whatever links. */
async function findDeliverable(name: string): Promise<string | null> {
  if (name === '' || isAbsolute(name) || name.includes('\0')) return null;
  for (const { uri } of localFolders()) {
    const path = join(uri.fsPath, name);
    try {
      const [real, folder] = await Promise.all([realpath(path), realpath(uri.fsPath)]);
      const way = relative(folder, real);
      const isInside = way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
      if (isInside && (await stat(real)).isFile()) return path;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

async function openPhaseLog(key: PhaseKey, { selected }: PhaseFilesDeps): Promise<void> {
  requireTrust(t`Opening logs`);
  const folders = localFolders().map(({ uri }) => uri.fsPath);
  const trace = await traceOfPhase(key, { folders, databasePath: selected.requirePath() });
  if (trace === null) {
    throw new UserFacingError(
      'not-found',
      t`No log of ${key.phaseId} is in the folders of this window.`,
      t`Drain the phase, or open the folder in which it was executed.`,
    );
  }
  await vscode.window.showTextDocument(vscode.Uri.file(trace), { preview: true, preserveFocus: true });
}
