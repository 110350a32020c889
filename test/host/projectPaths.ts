import { join, resolve } from 'node:path';

/** The project's root folder, which is also the extension's. */
export const projectRoot = resolve(import.meta.dirname, '..', '..');

/** Git-ignored cache: VS Code builds, the VS Code server, test bundles. Deleting it is always safe. */
export const cacheFolder = join(projectRoot, '.vscode-test');

/** Where a test run leaves its screenshots and reports; git-ignored. */
export const artefactsFolder = join(projectRoot, 'test', 'artefacts');
