import { join } from 'node:path';
import { UserFacingError } from '../../core/errors.ts';
import type { PhaseKey } from '../../core/model/phase.ts';
import { t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';
import { attemptFolder } from '../../node/builders/builderExecutor.ts';
import { bytesBefore, readCheckpoint, type Checkpoint } from '../../node/builders/checkpoint.ts';
import { DeliverableFiles } from '../../node/builders/deliverableFiles.ts';
import { readSmallFile } from '../../node/system/regularFile.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { folderOf, requireTrust } from '../window/workspaceFolders.ts';
import type { ProposalDocuments, ShownProposal } from './proposalDocuments.ts';

/** In bytes; what a phase writes is far less. */
const longestShown = 16 << 20;

/** What restoring needs. */
export interface RestorePhaseFilesDeps {
  readonly documents: ProposalDocuments;
  /** Whether a drain is at work in a folder (absolute). */
  readonly isDraining: (workspaceFolder: string) => boolean;
}

/**
 * Shows what a phase's files were before a drain wrote them, and puts them back where a person says so. Files that somebody
 * changed since are left.
 */
export async function restorePhaseFiles(
  { runId, phaseId, stdoutPath }: PhaseKey & { readonly stdoutPath: string },
  { documents, isDraining }: RestorePhaseFilesDeps,
): Promise<void> {
  requireTrust(t`Restoring files`);
  const workspaceFolder = folderOf(stdoutPath)?.uri.fsPath;
  if (workspaceFolder === undefined) throw notKept(phaseId);
  refuseWhileDraining(workspaceFolder, isDraining);
  const { path } = attemptFolder({ stdoutPath, workspaceFolder });
  const checkpoint = await readCheckpoint(workspaceFolder, path);
  if (checkpoint?.runId !== runId || checkpoint.phaseId !== phaseId) throw notKept(phaseId);
  if (checkpoint.restoredAt !== null) {
    await safeWindow.showInformationMessage(t`The files of ${phaseId} are as they were before already.`);
    return;
  }
  const number = documents.newNumber();
  const files = await shownFiles(checkpoint, workspaceFolder);
  await documents.show({ number, files, title: t`Restore files of ${phaseId}` });
  try {
    const restore = t`Restore Files`;
    const message = t`Bring back ${counted(files.length, 'file')} as before ${phaseId}? The phase keeps its state.`;
    if ((await safeWindow.showWarningMessage(message, restore, t`Cancel`)) !== restore) return;
    refuseWhileDraining(workspaceFolder, isDraining);
    const changed = await new DeliverableFiles(workspaceFolder).restore(path);
    void tellRestored(phaseId, files.length, changed);
  } finally {
    await documents.close(number);
  }
}

async function tellRestored(phaseId: string, count: number, changed: readonly string[]): Promise<void> {
  if (changed.length === 0) {
    await safeWindow.showInformationMessage(
      count === 1
        ? t`${counted(count, 'file')} of ${phaseId} is as before.`
        : t`${counted(count, 'file')} of ${phaseId} are as before.`,
    );
    return;
  }
  await safeWindow.showWarningMessage(
    changed.length === 1
      ? t`Not restored, because it changed since: ${changed.join(', ')}. The other files of ${phaseId} are as before.`
      : t`Not restored, because they changed since: ${changed.join(', ')}. The other files of ${phaseId} are as before.`,
  );
}

/** The files as they are now, and as they were. */
async function shownFiles({ files }: Checkpoint, workspaceFolder: string): Promise<ShownProposal['files']> {
  return Promise.all(
    files.map(async (file) => ({
      path: file.path,
      before: await readSmallFile(join(workspaceFolder, file.path), longestShown).catch(() => null),
      after: bytesBefore(file)?.toString('utf8') ?? null,
    })),
  );
}

function refuseWhileDraining(workspaceFolder: string, isDraining: RestorePhaseFilesDeps['isDraining']): void {
  if (!isDraining(workspaceFolder)) return;
  throw new UserFacingError(
    'drain-running',
    t`A drain is at work in this folder, and may read or write the same files.`,
    t`Wait for its end, then restore the files.`,
  );
}

function notKept(phaseId: string): UserFacingError {
  return new UserFacingError(
    'not-found',
    t`No files of ${phaseId} were kept: this attempt wrote none.`,
    t`Try the other attempts of the phase in the Drains view.`,
  );
}
