import * as vscode from 'vscode';
import { loadOnce } from '../../core/lazily.ts';
import { contextIds, type ContextValues } from '../contextIds.ts';
import { commandIds, type CommandArguments, type CommandName } from '../ids.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';

/** Arguments of a command as they may come: from a menu, a link or a key binding, so nothing is sure. */
type Incoming<Args extends readonly unknown[]> = { readonly [Index in keyof Args]?: Args[Index] };

/** Registers a command of ours. What its handler throws is reported, never lost. */
export function registerCommand<Name extends CommandName>(
  name: Name,
  errors: ErrorReporter,
  handler: (...args: Incoming<CommandArguments[Name]>) => unknown,
): vscode.Disposable {
  return vscode.commands.registerCommand(commandIds[name], async (...args: unknown[]): Promise<unknown> => {
    try {
      // Handlers check what they take: see `runTarget` and `phaseTarget`.
      return await handler(...(args as Incoming<CommandArguments[Name]>));
    } catch (error) {
      errors.report(error);
      return undefined;
    }
  });
}

/** What runs commands, by their names. */
export type CommandHandlers<Name extends CommandName> = {
  readonly [Each in Name]: (...args: Incoming<CommandArguments[Each]>) => unknown;
};

/** Registers commands whose handlers are loaded with the first use of any of them, so that activation need not wait for them. */
export function registerCommands<Name extends CommandName>(
  names: readonly Name[],
  errors: ErrorReporter,
  load: () => Promise<CommandHandlers<NoInfer<Name>>>,
): vscode.Disposable {
  const handlers = loadOnce(load);
  const registered = names.map((name) =>
    registerCommand(name, errors, async (...args) => (await handlers())[name](...args)),
  );
  return vscode.Disposable.from(...registered);
}

/** Runs a command of ours. */
export async function executeCommand<Name extends CommandName>(
  name: Name,
  ...args: CommandArguments[Name]
): Promise<unknown> {
  return vscode.commands.executeCommand(commandIds[name], ...args);
}

/** Sets a context key that `when` clauses of the manifest read. */
export function setContext<Name extends keyof ContextValues>(name: Name, value: ContextValues[Name]): void {
  void vscode.commands.executeCommand('setContext', contextIds[name], value);
}
