import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installOnce } from './installOnce.ts';
import { say, step } from './progress.ts';
import { runNpm } from './runNpm.ts';

/** The npm package `code-server` 4.139.1 holds the server of VS Code 1.139.1. */
const codeServerVersion = '4.139.1';

/** Two native modules without which the server writes no log file and ends orphaned hosts a second later. */
const optionalNatives = ['@vscode/spdlog', '@vscode/native-watchdog'];

/** Installs the VS Code server into the project's cache, once, and returns the path of its main script. */
export async function installCodeServer(): Promise<string> {
  const name = `server-${codeServerVersion}-${process.platform}-${process.arch}-node${process.versions.modules}`;
  const installed = await installOnce(name, installInto);
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
  try {
    await step('Compiling its two native modules (about 15 s)', () =>
      runNpm(['rebuild', ...optionalNatives], server, nodedir),
    );
  } catch {
    say('  They need python3, make and a C++ compiler. The server runs without them.');
  }
}

/** Node's C++ headers as an npm package, where it exists for this platform; elsewhere node-gyp gets them. */
function headersPackage(): { readonly install: readonly string[]; readonly folder?: string } {
  if (process.platform !== 'linux') return { install: [] };
  const name = `node-linux-${process.arch}`;
  return { install: [`${name}@${process.versions.node}`], folder: join('node_modules', name) };
}
