import * as vscode from 'vscode';
import { settingsSection, type SettingName, type SettingValues } from './settingNames.ts';

/** Reads a setting. The manifest declares a default for each, so there always is a value. */
export function readSetting<Name extends SettingName>(
  name: Name,
  scope?: vscode.ConfigurationScope,
): SettingValues[Name] {
  const value = vscode.workspace.getConfiguration(settingsSection, scope).get<SettingValues[Name]>(name);
  if (value === undefined)
    throw new Error(`The manifest declares no default for ${settingsSection}.${name}.`);
  return value;
}

/** How much of databases the reader keeps, in bytes, within the bounds of the manifest: an untrusted workspace may set anything. */
export function readerCacheBytes(): number {
  const mebibytes: unknown = readSetting('reader.cacheMiB');
  return (typeof mebibytes === 'number' && mebibytes >= 8 ? Math.min(mebibytes, 1024) : 64) * 1024 * 1024;
}
