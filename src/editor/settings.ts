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
