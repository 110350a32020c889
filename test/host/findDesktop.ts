import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { step } from './progress.ts';
import { cacheFolder } from './projectPaths.ts';

const downloadSite = 'https://update.code.visualstudio.com/api/releases/stable';
const probeTimeoutMs = 4000;

/** The program of the VS Code that is installed on this machine, from the usual places or through PATH. */
export function findDesktop(): string | undefined {
  if (!hasDisplay()) return undefined;
  return [...usualPlaces(), ...besideCommand()].find((path) => existsSync(path));
}

/** Downloads VS Code where its site answers; undefined where it does not, which shows within seconds. */
export async function downloadDesktop(): Promise<string | undefined> {
  if (!hasDisplay()) return undefined;
  const reachable = await fetch(downloadSite, { signal: AbortSignal.timeout(probeTimeoutMs) }).then(
    (response) => response.ok,
    () => false,
  );
  if (!reachable) return undefined;
  return step('Downloading VS Code (once; about 150 MB)', () =>
    downloadAndUnzipVSCode({ version: 'stable', cachePath: cacheFolder }),
  );
}

/** Why there is no desktop VS Code here, for the person who may have expected one. */
export function missingDesktop(): string {
  return hasDisplay()
    ? 'VS Code is not installed here, and its download site does not answer.'
    : 'This machine has no display for a desktop VS Code.';
}

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
}

function usualPlaces(): string[] {
  if (process.platform === 'darwin') {
    const folders = ['/Applications', join(process.env.HOME ?? '/', 'Applications')];
    const programs = folders.map((folder) => join(folder, 'Visual Studio Code.app', 'Contents', 'MacOS'));
    return programs.flatMap((folder) => [join(folder, 'Electron'), join(folder, 'Code')]);
  }
  if (process.platform === 'win32') {
    const folders = [join(process.env.LOCALAPPDATA ?? '', 'Programs'), process.env.ProgramFiles ?? ''];
    return folders.map((folder) => join(folder, 'Microsoft VS Code', 'Code.exe'));
  }
  return ['/usr/share/code/code', '/opt/visual-studio-code/code', '/snap/code/current/usr/share/code/code'];
}

/** The command `code` lies in the folder `bin` of an installation, or is a link to there. */
function besideCommand(): string[] {
  const windows = process.platform === 'win32';
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, windows ? 'code.cmd' : 'code'))
    .filter((command) => existsSync(command))
    .map((command) => join(dirname(realpathSync(command)), '..', windows ? 'Code.exe' : 'code'));
}
