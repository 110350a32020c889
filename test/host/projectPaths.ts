import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

/** The project's root folder, which is also the extension's. */
export const projectRoot = resolve(import.meta.dirname, '..', '..');

/** Git-ignored cache: VS Code builds, the VS Code server, test bundles. Deleting it is always safe. */
export const cacheFolder = join(projectRoot, '.vscode-test');

/** Where a test run leaves its screenshots and reports; git-ignored. */
export const artefactsFolder = join(projectRoot, 'test', 'artefacts');

interface Manifest {
  readonly name: string;
  readonly publisher: string;
  readonly version: string;
  readonly contributes?: { readonly commands?: readonly { readonly command: string }[] };
}

/** The extension's manifest, as it stands on disk. */
export function readManifest(): Manifest {
  return createRequire(import.meta.url)(join(projectRoot, 'package.json')) as Manifest;
}
