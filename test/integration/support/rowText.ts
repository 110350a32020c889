import type * as vscode from 'vscode';

/** A row as it is read: `label | description`. */
export function rowText({ label, description }: vscode.TreeItem): string {
  return `${typeof label === 'string' ? label : (label?.label ?? '')} | ${String(description)}`;
}
