import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../host/projectPaths.ts';
import type { ExtensionUnderTest } from '../../host/vsCodeHost.ts';
import { webBuildFiles } from '../../support/webBuildFiles.ts';
import { temporaryWorkspace } from './temporaryWorkspace.ts';

/**
 * The built extension as a window without a machine of its own has it: without its entry for Node, so that VS Code runs its
 * web build in the page's web worker.
 */
export async function webOnlyExtension(): Promise<ExtensionUnderTest> {
  const folder = await temporaryWorkspace();
  const text = await readFile(join(projectRoot, 'package.json'), 'utf8');
  const manifest: Record<string, unknown> = {
    ...(JSON.parse(text) as Record<string, unknown>),
    extensionKind: ['web'],
  };
  delete manifest.main;
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await symlink(join(projectRoot, 'package.nls.json'), join(folder, 'package.nls.json'));
  await symlink(join(projectRoot, 'media'), join(folder, 'media'));
  // Of what is built, what a browser needs and no more: whatever else it asked for would be missed.
  await mkdir(join(folder, 'dist'));
  await mkdir(join(folder, 'dist', 'chunks'));
  const files = ['webStart.cjs', 'webview', 'sql-wasm.wasm', 'chunks/load.js', 'chunks/programs.json'];
  for (const part of [...files, ...(await webBuildFiles())])
    await symlink(join(projectRoot, 'dist', part), join(folder, 'dist', part));
  return { kind: 'unpacked', folder };
}
