import * as vscode from 'vscode';
import { windowFolders } from '../window/workspaceFolders.ts';

/** Files that are named as databases usually are, for the editor's search. */
export const databasePattern = '**/*.{db,db3,sqlite,sqlite3}';
/** The same, of the name of one file. */
export const databaseFileName = /\.(?:db|db3|sqlite|sqlite3)$/i;
/** What Autopack, or this extension, leaves in a folder it works in. */
const traces: readonly string[] = ['.autonomous_runs', '.autopack-hygiene'];

/**
 * Whether the folders of the window are such as this extension is for, so that a warning in the status bar is of use.
 * A guess, made once and cheaply: what it misses is made up for when the Runs view is opened.
 */
export async function looksLikeAutopack(): Promise<boolean> {
  const roots = await Promise.all(windowFolders().map(({ uri }) => isRootOfAutopack(uri)));
  // The editor's search follows links, out of a folder that nobody trusts yet as well.
  return roots.includes(true) || (vscode.workspace.isTrusted && (await holdsDatabaseFile()));
}

async function isRootOfAutopack(folder: vscode.Uri): Promise<boolean> {
  const { fs } = vscode.workspace;
  const entries = await Promise.resolve(fs.readDirectory(folder)).catch(() => []);
  if (entries.some(([name]) => databaseFileName.test(name) || traces.includes(name))) return true;
  // The folder of scripts may be a link to any place.
  if (!vscode.workspace.isTrusted) return false;
  return fs.stat(vscode.Uri.joinPath(folder, 'scripts', 'drain_one_phase.py')).then(
    () => true,
    () => false,
  );
}

async function holdsDatabaseFile(): Promise<boolean> {
  try {
    return (await vscode.workspace.findFiles(databasePattern, undefined, 1)).length > 0;
  } catch {
    // The editor's file search is not there in every host.
    return false;
  }
}
