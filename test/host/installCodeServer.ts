import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { step } from './progress.ts';
import { cacheFolder } from './projectPaths.ts';
import { runNpm } from './runNpm.ts';

/** The npm package `code-server` 4.139.1 holds the server of VS Code 1.139.1. */
const codeServerVersion = '4.139.1';

const unfinished = 'installing-';

/**
 * Returns the path of the VS Code server's main script, installing the server into the project's cache first
 * where it is not there yet. An interrupted install leaves nothing that a later one would take for whole.
 */
export async function installCodeServer(): Promise<string> {
  const name = `server-${codeServerVersion}-${process.platform}-${process.arch}-node${process.versions.modules}`;
  const installed = join(cacheFolder, name);
  if (!existsSync(installed)) {
    await mkdir(cacheFolder, { recursive: true });
    await removeLeftovers();
    const folder = await mkdtemp(join(cacheFolder, `${unfinished}${String(process.pid)}-`));
    try {
      await installInto(folder);
      await rename(folder, installed);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      // Another command may have installed the same version meanwhile: then its folder serves as well.
      if (!existsSync(installed)) throw error;
    }
  }
  return join(installed, 'node_modules', 'code-server', 'lib', 'vscode', 'out', 'server-main.js');
}

async function installInto(folder: string): Promise<void> {
  const headers = headersPackage();
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'vscode-server-cache', private: true }),
  );
  await step(`Getting the VS Code server (code-server ${codeServerVersion}, once; about 15 s)`, () =>
    runNpm(['install', '--ignore-scripts', `code-server@${codeServerVersion}`, ...headers.install], folder),
  );
  const server = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  await step('Getting what the server needs (about 15 s)', () =>
    runNpm(['install', '--omit=dev', '--ignore-scripts'], server),
  );
  const nodedir = headers.folder === undefined ? {} : { npm_config_nodedir: join(folder, headers.folder) };
  await step('Compiling its two native modules (about 15 s)', () =>
    runNpm(['rebuild', '@vscode/spdlog', '@vscode/native-watchdog'], server, nodedir),
  );
}

/** Node's C++ headers as an npm package, where it exists for this platform; elsewhere node-gyp gets them. */
function headersPackage(): { readonly install: readonly string[]; readonly folder?: string } {
  if (process.platform !== 'linux') return { install: [] };
  const name = `node-linux-${process.arch}`;
  return { install: [`${name}@${process.versions.node}`], folder: join('node_modules', name) };
}

async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(cacheFolder)) {
    const pid = name.startsWith(unfinished) ? Number.parseInt(name.slice(unfinished.length), 10) : undefined;
    if (pid !== undefined && !isRunning(pid))
      await rm(join(cacheFolder, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
