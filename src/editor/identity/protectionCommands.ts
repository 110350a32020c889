import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { approvalMinutes, grantApprovalOperation } from '../../core/identity/approvals.ts';
import { guardedWrite } from '../../core/identity/guardedWrite.ts';
import { levelChange, levelQuestion, setLevelOperation } from '../../core/identity/setLevel.ts';
import {
  levelMeanings,
  levelNames,
  protectionLevels,
  type ProtectionLevel,
} from '../../core/model/protectionLevel.ts';
import { t } from '../../core/text/l10n.ts';
import { shellCommand } from '../../core/text/shellCommand.ts';
import { formatMinute } from '../../core/text/times.ts';
import { ApprovalRequests, type ApprovalRequest } from '../../node/identity/approvalRequests.ts';
import { lookAtRequest } from '../../node/identity/lookAtRequest.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import { realPathOf } from '../../node/system/realPath.ts';
import type { CommandHandlers } from '../commands/registerCommand.ts';
import { guardOf } from '../database/guardOf.ts';
import { requireLocalFile, requireWritableServer } from '../database/virtualPaths.ts';
import type { BulkDeps } from '../maintenance/requeuePhases.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { localFolders, requireTrust } from '../window/workspaceFolders.ts';

/** What protecting databases needs. */
export interface ProtectionDeps extends Omit<BulkDeps, 'confirmSources'> {
  /** The command line; absolute. */
  readonly cliPath: string;
}

/** **Set Protection Level…** of the selected database, and **Approve Command…**. */
export function protectionCommands(
  deps: ProtectionDeps,
): CommandHandlers<'setProtectionLevel' | 'approveCommand'> {
  return { setProtectionLevel: () => setProtectionLevel(deps), approveCommand: () => approveCommand(deps) };
}

async function setProtectionLevel(deps: ProtectionDeps): Promise<void> {
  const { selected, offers, writer, errors } = deps;
  const what = t`Setting the protection`;
  requireTrust(what);
  const path = selected.requirePath();
  requireLocalFile(path, what);
  requireWritableServer(path, what, selected.state);
  const guard = guardOf(path, deps);
  const expected = await guard.requireKnown(path, what);
  const from = expected.level;
  const offer = await offers.about(path);
  const to = await pickLevel(databaseName(path), from);
  if (to === undefined) return;
  const operation = levelChange(from, to);
  if (operation === null) return;
  const button = t`Set to ${levelNames()[to]}`;
  const pressed = await offer.ask({
    severity: operation === 'raise-level' ? 'information' : 'warning',
    message: levelQuestion(databaseName(path), from, to),
    detail: [t`Commands in terminals, agents and CI are held to it, too.`],
    buttons: [button],
    write: { operation, rows: 1 },
  });
  if (pressed !== button) return;
  await guardedWrite(writer, { path, expected }, setLevelOperation, { from, to });
  await guard.pin(path);
  await selected.readFacts();
  errors.watch(
    safeWindow.showInformationMessage(
      t`Protection of ${databaseName(path)}: ${levelNames()[to]}, ${levelMeanings()[to]}.`,
    ),
  );
}

async function pickLevel(name: string, current: ProtectionLevel): Promise<ProtectionLevel | undefined> {
  // What Enter takes lowers nothing.
  const items = protectionLevels.toReversed().map((level) => ({
    label: levelNames()[level],
    description: level === current ? t`current` : '',
    detail: sentence(levelMeanings()[level]),
    level,
  }));
  const picked = await safeWindow.showQuickPick(items, {
    title: t`Protection of ${name}`,
    placeHolder: t`What should writing to this database require?`,
  });
  return picked?.level;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** A command that waits, and the folder in which it does; absolute. */
interface Waiting {
  readonly folder: string;
  readonly request: ApprovalRequest;
}

async function approveCommand({
  offers,
  writer,
  clock,
  errors,
  cliPath,
  selected,
}: ProtectionDeps): Promise<void> {
  requireTrust(t`Approving a command`);
  const waiting = await waitingCommands(clock.now());
  if (waiting.length === 0) {
    await safeWindow.showInformationMessage(t`No command waits for an approval in this window.`);
    return;
  }
  const chosen = await pickCommand(waiting);
  if (chosen === undefined) return;
  const { folder, request } = chosen;
  const write = await safeWindow.withProgress(
    { location: vscode.ProgressLocation.Window, title: t`Looking at the command` },
    () => lookAtRequest(cliPath, folder, request),
  );
  const isSelected = async (named: string): Promise<boolean> =>
    selected.path !== undefined && (await realPathOf(named)) === (await realPathOf(selected.path));
  const { path, operation, rows, databaseId, fileId, digest, question } = write;
  const offer = await ((await isSelected(path)) ? offers.about(path) : offers.aboutNew(path));
  const approve = t`Approve Once`;
  const pressed = await offer.ask({
    severity: 'warning',
    message: t`Approve this command for ${databaseName(path)}?`,
    detail: [
      commandText(request),
      '',
      question,
      '',
      t`Rows: ${rows}`,
      t`Id: ${databaseId ?? t`none, not adopted`}`,
      ...(request.by === null ? [] : [t`Asked for by: ${request.by}`]),
      t`It can be run once, within ${approvalMinutes.usual} minutes.`,
    ],
    buttons: [approve],
    write: { operation, rows, level: write.level },
  });
  if (pressed !== approve) return;
  const approvedAt = clock.now();
  const approval = {
    ...{ id: randomUUID(), operation, digest, databaseId, approvedAt },
    file: { path, fileId },
    rows: Math.max(rows, 1),
    expiresAt: approvedAt + approvalMinutes.usual * 60_000,
  };
  await writer.perform(path, grantApprovalOperation, approval, undefined, { fileId });
  await new ApprovalRequests(folder).remove(request.id, approvedAt);
  errors.watch(
    safeWindow.showInformationMessage(
      t`Approved once, for ${approvalMinutes.usual} minutes. The command can be run again now.`,
    ),
  );
}

async function waitingCommands(now: number): Promise<readonly Waiting[]> {
  const all = localFolders().map(async ({ uri }): Promise<Waiting[]> => {
    const folder = uri.fsPath;
    return (await new ApprovalRequests(folder).waiting(now)).map((request) => ({ folder, request }));
  });
  return (await Promise.all(all)).flat().sort((a, b) => b.request.at - a.request.at);
}

async function pickCommand(waiting: readonly Waiting[]): Promise<Waiting | undefined> {
  const items = waiting.map((each) => ({
    label: commandText(each.request),
    description: each.request.by ?? '',
    detail: `${each.request.databasePath} · ${formatMinute(each.request.at)}`,
    waiting: each,
  }));
  const picked = await safeWindow.showQuickPick(items, {
    title: t`Approve Command`,
    placeHolder: t`Which command? The newest is first.`,
  });
  return picked?.waiting;
}

function commandText({ args }: ApprovalRequest): string {
  return shellCommand(['autopack-hygiene', ...args]);
}
