import * as vscode from 'vscode';
import {
  authorText,
  changedRowsText,
  changeTitle,
  journalReport,
  type JournalReport,
  type ReportedChange,
} from '../../core/identity/journalReport.ts';
import { canBeUndone, oldestKept } from '../../core/maintenance/undoChange.ts';
import { t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';
import { formatDateTime } from '../../core/text/times.ts';
import { Backups } from '../../node/maintenance/backups.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import { FolderJournal } from '../../node/writer/folderJournal.ts';
import type { CommandHandlers } from '../commands/registerCommand.ts';
import { guardFolder } from '../database/guardFolder.ts';
import { safePickItem } from '../window/safeTreeItem.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { requireTrust } from '../window/workspaceFolders.ts';
import { undoServerChange } from './undoServerChange.ts';
import type { WriteDeps } from '../guard/authoriseWrite.ts';
import { restoreBackup, revealBackup } from './backupCommands.ts';

/** How many changes are listed. */
const mostChanges = 100;

/** **Show Journal**: what this product changed in the selected database, and the way back. */
export function journalCommand(deps: WriteDeps): CommandHandlers<'showJournal'> {
  return { showJournal: () => showJournal(deps) };
}

async function showJournal(deps: WriteDeps): Promise<void> {
  requireTrust(t`Showing the journal`);
  const path = deps.selected.requirePath();
  const folder = guardFolder(path);
  const [{ value: own }, { entries }, backups] = await Promise.all([
    deps.reader.request(path, 'databaseChanges', { limit: mostChanges }),
    new FolderJournal(folder).read(),
    new Backups(folder).list(path),
  ]);
  const report = journalReport(own, entries, mostChanges);
  if (report.changes.length === 0) {
    await safeWindow.showInformationMessage(t`Nothing was changed in ${databaseName(path)} yet.`);
    return;
  }
  // A row may name any path; only the backups that this folder has are offered.
  const kept = new Set(backups.map((backup) => backup.path));
  const oldest = oldestKept(own);
  const chosen = await pickChange(t`Journal of ${databaseName(path)}`, report, kept, oldest);
  if (chosen === undefined) return;
  const { change, wish } = chosen;
  if (change.knownTo !== 'undone' && canBeUndone(change, oldest)) {
    await undoServerChange(path, change.serial, deps);
    return;
  }
  if (change.backup === null || !kept.has(change.backup)) {
    await safeWindow.showInformationMessage(noWayBack(change));
    return;
  }
  if (wish === 'reveal') await revealBackup({ path: change.backup });
  else await restoreBackup(path, change.backup, deps);
}

interface ChangeItem extends vscode.QuickPickItem {
  readonly change: ReportedChange;
}

interface ChosenChange {
  readonly change: ReportedChange;
  readonly wish: 'undo' | 'reveal';
}

const undoButton = () => ({ iconPath: new vscode.ThemeIcon('discard'), tooltip: t`Undo…` });
const revealButton = () => ({ iconPath: new vscode.ThemeIcon('folder-opened'), tooltip: t`Reveal Backup` });

function pickChange(
  title: string,
  report: JournalReport,
  backups: ReadonlySet<string>,
  oldest: number | null,
): Promise<ChosenChange | undefined> {
  const pick = vscode.window.createQuickPick<ChangeItem>();
  pick.title = title;
  pick.placeholder =
    report.disagreements[0] ?? t`Choose a change to undo it and all since, where a backup was made before it`;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.items = report.changes.map((change, later) =>
    safePickItem(changeItem(change, later, backups, oldest)),
  );
  return new Promise((resolve) => {
    pick.onDidTriggerItemButton(({ item: { change }, button }) => {
      resolve({ change, wish: button.tooltip === revealButton().tooltip ? 'reveal' : 'undo' });
      pick.hide();
    });
    pick.onDidAccept(() => {
      const [item] = pick.activeItems;
      if (item !== undefined) resolve({ change: item.change, wish: 'undo' });
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

function changeItem(
  change: ReportedChange,
  later: number,
  backups: ReadonlySet<string>,
  oldest: number | null,
): ChangeItem {
  const { serial, at, author, backup, knownTo } = change;
  const rows = changedRowsText(change);
  const canUndo = knownTo !== 'undone' && backup !== null && backups.has(backup);
  const isKept = knownTo !== 'undone' && canBeUndone(change, oldest);
  const undoes = later === 0 ? t`can be undone` : t`can be undone with the ${counted(later, 'change')} since`;
  return {
    label: `${knownTo === 'folder' ? '$(warning) ' : ''}${changeTitle(change)}`,
    description: [t`change ${serial}`, formatDateTime(at), rows].filter((part) => part !== '').join(' · '),
    detail: [authorText(author), knownText(change), isKept ? t`can be undone` : canUndo ? undoes : '']
      .filter((part) => part !== '')
      .join(' · '),
    buttons: isKept ? [undoButton()] : canUndo ? [undoButton(), revealButton()] : [],
    change,
  };
}

function knownText({ knownTo, folder }: ReportedChange): string {
  switch (knownTo) {
    case 'both':
      return '';
    case 'database':
      return folder == null ? t`made from elsewhere` : t`made from ${folder}`;
    case 'folder':
      return t`not in the database`;
    case 'undone':
      return t`undone: an earlier state was put back`;
  }
}

function noWayBack({ serial, backup, kept }: ReportedChange): string {
  if (kept !== undefined)
    return t`The rows from before change ${serial} are no longer kept, so that it cannot be undone.`;
  return backup === null
    ? t`No backup was made before change ${serial}, so that it cannot be undone.`
    : t`The backup from before change ${serial} is no longer kept, so that it cannot be undone.`;
}
