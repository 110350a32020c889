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

/** What tests need of the extensions that come with VS Code: the other hundred take a quarter of the time to open a window. */
const neededBuiltIns = [
  'diff',
  'git',
  'git-base',
  'json',
  'log',
  'markdown-basics',
  'markdown-language-features',
  'python',
  'search-result',
  'theme-defaults',
];

interface ProfileOptions {
  /** User settings on top of the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  /** The display language of extensions, such as `de`. */
  readonly language?: string | undefined;
  /** The folder of the extensions that come with VS Code, to have only those that tests need; all of them unless told. */
  readonly builtInsFrom?: string | undefined;
}

/** Makes a fresh profile: the settings written, nothing installed but what a display language needs. */
export async function createServerProfile({
  settings = {},
  language,
  builtInsFrom,
}: ProfileOptions): Promise<ServerProfile> {
  const folder = await mkdtemp(join(tmpdir(), 'vscode-server-'));
  const machine = join(folder, 'data', 'Machine');
  const extensions = join(folder, 'extensions');
  const locale = language === undefined ? [] : ['--locale', language];
  await mkdir(machine, { recursive: true });
  await mkdir(extensions);
  const writeSettings = (changed: Readonly<Record<string, unknown>>): Promise<void> =>
    writeFile(join(machine, 'settings.json'), JSON.stringify({ ...quietSettings, ...changed }, null, 2));
  await writeSettings(settings);
  if (language !== undefined) await addLanguagePack(join(folder, 'data'), language);
  const builtIns = join(folder, 'builtIns');
  if (builtInsFrom !== undefined) {
    await mkdir(builtIns);
    for (const name of neededBuiltIns)
      await symlink(join(builtInsFrom, name), join(builtIns, name), 'junction');
  }
  return {
    extensionsFolder: extensions,
    args: [
      '--accept-server-license-terms',
      '--server-data-dir',
      folder,
      '--extensions-dir',
      extensions,
      ...(builtInsFrom === undefined ? [] : ['--builtin-extensions-dir', builtIns]),
      ...locale,
    ],
    writeSettings,
    remove: () => rm(folder, removal),
    removeNow: () => rmSync(folder, removal),
  };
}

/**
 * What VS Code keeps of an installed language pack, without which it falls back to English. This one has no texts, so that
 * VS Code's own stay English and only extensions speak the language.
 */
async function addLanguagePack(userData: string, language: string): Promise<void> {
  const texts = join(userData, 'noTexts.i18n.json');
  await writeFile(texts, JSON.stringify({ version: '1.0.0', contents: {} }));
  const extension = { extensionIdentifier: { id: 'local.no-texts' }, version: '1.0.0' };
  const pack = {
    hash: 'no-texts',
    extensions: [extension],
    translations: { vscode: texts },
    label: language,
  };
  await writeFile(join(userData, 'languagepacks.json'), JSON.stringify({ [language]: pack }));
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
