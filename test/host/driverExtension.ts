import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from './projectPaths.ts';

/**
 * The folder of an extension that does nothing: VS Code runs a suite only beside an extension in development,
 * and the packaged extension must not be loaded from the checkout as well.
 */
export async function driverExtension(): Promise<string> {
  const folder = join(cacheFolder, 'build', 'driver');
  await mkdir(folder, { recursive: true });
  const manifest = {
    name: 'suite-driver',
    publisher: 'local',
    version: '1.0.0',
    engines: { vscode: '^1.109.0' },
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  return folder;
}
