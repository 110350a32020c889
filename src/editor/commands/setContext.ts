import * as vscode from 'vscode';
import { contextIds, type ContextValues } from '../ids.ts';

/** Sets a context key that `when` clauses of the manifest read. */
export function setContext<Name extends keyof ContextValues>(name: Name, value: ContextValues[Name]): void {
  void vscode.commands.executeCommand('setContext', contextIds[name], value);
}
