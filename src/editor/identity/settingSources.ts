import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import { namingVariables, resolveVariables } from '../../core/identity/databaseSource.ts';
import { nativePathStyle } from '../../node/identity/databaseUrlSources.ts';
import type { SourcePlaces } from '../../node/maintenance/collectDatabaseSources.ts';
import { localFolders } from '../window/workspaceFolders.ts';

/** What those settings name: a `DATABASE_URL` or a file with one for terminals, and files of variables for Python. */
export function settingSources(): Required<Pick<SourcePlaces, 'others' | 'dotenvFiles'>> {
  const folders = localFolders();
  const scopes = folders.length === 0 ? [undefined] : folders;
  return {
    others: withoutRepeats(scopes.flatMap(terminalSetting)),
    dotenvFiles: withoutRepeats(folders.flatMap(pythonSetting)),
  };
}

const platforms: Readonly<Partial<Record<NodeJS.Platform, string>>> = { darwin: 'osx', win32: 'windows' };

function terminalSetting(folder: vscode.WorkspaceFolder | undefined): NonNullable<SourcePlaces['others']> {
  const key = `env.${platforms[process.platform] ?? 'linux'}`;
  const variables: unknown = vscode.workspace.getConfiguration('terminal.integrated', folder?.uri).get(key);
  if (!isRecord(variables)) return [];
  const texts = Object.entries(variables).map(
    ([name, value]) => [name, typeof value === 'string' ? value : null] as const,
  );
  const origin = { kind: 'setting', name: `terminal.integrated.${key}` } as const;
  const place = folder === undefined ? {} : { baseFolder: folder.uri.fsPath };
  return namingVariables(texts, nativePathStyle).map((variable) => {
    const value = resolved(variable.value, folder);
    return { origin, given: value, variable: { ...variable, value }, ...place };
  });
}

/** The `.env` of each folder, which is the default, is looked at anyway. */
function pythonSetting(folder: vscode.WorkspaceFolder): NonNullable<SourcePlaces['dotenvFiles']> {
  const setting: unknown = vscode.workspace.getConfiguration('python', folder.uri).get('envFile');
  if (typeof setting !== 'string' || setting.trim() === '') return [];
  const baseFolder = folder.uri.fsPath;
  const named = resolved(setting, folder);
  const file = isAbsolute(named) ? named : join(baseFolder, named);
  return file === join(baseFolder, '.env') ? [] : [{ file, baseFolder }];
}

function resolved(text: string, folder: vscode.WorkspaceFolder | undefined): string {
  return resolveVariables(text, {
    workspaceFolder: folder?.uri.fsPath ?? null,
    namedFolders: new Map(localFolders().map(({ name, uri }) => [name, uri.fsPath])),
    userHome: homedir(),
    environment: process.env,
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** A setting of the user or of the workspace says the same in every folder. */
function withoutRepeats<T>(sources: readonly T[]): T[] {
  return [...new Map(sources.map((source) => [JSON.stringify(source), source])).values()];
}
