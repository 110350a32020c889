import type * as vscode from 'vscode';
import type { PhaseKey } from '../../core/model/phase.ts';
import { t } from '../../core/text/l10n.ts';
import { commandIds, type CommandArguments, type CommandName } from '../ids.ts';

/** A Markdown link that runs a command; the text around it must be a `MarkdownString` that trusts the command. */
export function commandLink<Name extends CommandName>(
  title: string,
  name: Name,
  ...args: CommandArguments[Name]
): string {
  // Parentheses would end the link, and are left as they are by the encoding.
  const encoded = encodeURIComponent(JSON.stringify(args)).replaceAll('(', '%28').replaceAll(')', '%29');
  const query = args.length === 0 ? '' : `?${encoded}`;
  return `[${title}](command:${commandIds[name]}${query})`;
}

/** What a click on the row of a phase does, in whatever view. */
export function showPhaseCommand({ runId, phaseId }: PhaseKey): vscode.Command {
  return {
    command: commandIds.showPhase,
    title: t`Show Phase Details`,
    arguments: [{ runId, phaseId } satisfies PhaseKey],
  };
}
