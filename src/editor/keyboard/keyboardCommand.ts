import * as vscode from 'vscode';
import * as z from 'zod';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import type { CommandHandlers } from '../commands/registerCommand.ts';
import { commandIds, type CommandName } from '../ids.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { rowCommands, type RowAction } from './rowCommands.ts';
import type { SelectedRows } from './selectedRows.ts';

const key = z.object({
  view: z.enum(['runs', 'drains', 'failures', 'identity']),
  action: z.enum(Object.keys(rowCommands) as [RowAction, ...RowAction[]]),
});
const row = z.object({ kind: z.string() });

/** What a key does with the row that has the focus: the command that the menu of the row has for it. */
export function keyboardCommand(rows: SelectedRows, errors: ErrorReporter): CommandHandlers<'onSelectedRow'> {
  return { onSelectedRow: (argument) => onSelectedRow(argument, rows, errors) };
}

async function onSelectedRow(argument: unknown, rows: SelectedRows, errors: ErrorReporter): Promise<void> {
  const { view, action } = key.parse(argument);
  const meant = await rows.meant(view);
  const kind = row.safeParse(meant[0]).data?.kind;
  const command: CommandName | undefined = kind === undefined ? undefined : rowCommands[action][kind];
  if (command === undefined) {
    throw new UserFacingError(
      'invalid-argument',
      kind === undefined ? t`No row has the focus.` : t`This key does nothing for this row.`,
      t`Move to another row, then press the key again.`,
    );
  }
  // Not awaited: the selection goes back to what it was, and is not to wait for an answer.
  errors.watch(Promise.resolve(vscode.commands.executeCommand(commandIds[command], meant[0], meant)));
}
