import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quietSettings } from './quietSettings.ts';
import { runProgram } from './runProgram.ts';
import type { ExtensionUnderTest } from './vsCodeHost.ts';

/** What one run of the VS Code server keeps: user settings and installed extensions, in a temporary folder. */
export interface ServerProfile {
  readonly extensionsFolder: string;
  /** The server's options that name this profile. */
  readonly args: readonly string[];
  /** Replaces the user's settings; the quiet ones stay, and open windows follow at once. */
  readonly writeSettings: (settings: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly remove: () => Promise<void>;
  /** The same, where there is no time left to wait. */
  readonly removeNow: () => void;
}

/** The server's last children may still write while the folder goes. */
const removal = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 } as const;

/** Makes a fresh profile: the settings written, nothing installed. */
export async function createServerProfile(
  settings: Readonly<Record<string, unknown>>,
): Promise<ServerProfile> {
  const folder = await mkdtemp(join(tmpdir(), 'vscode-server-'));
  const machine = join(folder, 'data', 'Machine');
  const extensions = join(folder, 'extensions');
  await mkdir(machine, { recursive: true });
  await mkdir(extensions);
  const writeSettings = (changed: Readonly<Record<string, unknown>>): Promise<void> =>
    writeFile(join(machine, 'settings.json'), JSON.stringify({ ...quietSettings, ...changed }, null, 2));
  await writeSettings(settings);
  return {
    extensionsFolder: extensions,
    args: ['--accept-server-license-terms', '--server-data-dir', folder, '--extensions-dir', extensions],
    writeSettings,
    remove: () => rm(folder, removal),
    removeNow: () => rmSync(folder, removal),
  };
}

/** Installs an extension into a profile that no server uses yet. */
export async function installExtension(
  serverScript: string,
  profile: ServerProfile,
  extension: ExtensionUnderTest,
): Promise<void> {
  if (extension.kind === 'unpacked') return linkExtension(profile, extension.folder);
  const args = [serverScript, ...profile.args, '--install-extension', extension.vsix, '--force'];
  const { exitCode, output } = await runProgram(process.execPath, args, { cwd: tmpdir() });
  if (exitCode !== 0 || !output.includes('successfully installed')) {
    throw new Error(`VS Code refused to install ${extension.vsix}:\n${output}`);
  }
}

/** A link in the extensions folder is an installed extension, read where it is built. */
async function linkExtension(profile: ServerProfile, folder: string): Promise<void> {
  const text = await readFile(join(folder, 'package.json'), 'utf8');
  const { publisher, name, version } = JSON.parse(text) as Record<'publisher' | 'name' | 'version', string>;
  await symlink(folder, join(profile.extensionsFolder, `${publisher}.${name}-${version}`), 'junction');
}
