import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import manifest from '../../package.json' with { type: 'json' };

describe('the extension in its host', () => {
  const id = `${manifest.publisher}.${manifest.name}`;

  it('activates', async () => {
    const extension = vscode.extensions.getExtension(id);
    assert.ok(extension, `${id} is not installed`);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  it('lets nobody reach into it once it is installed', () => {
    const isInstalled = process.env.EXTENSION_UNDER_TEST !== 'unpacked';
    assert.equal(vscode.extensions.getExtension(id)?.exports === undefined, isInstalled);
  });

  it('runs from what the suite asked for', () => {
    const folder = vscode.extensions.getExtension(id)?.extensionPath ?? '';
    const hasSources = existsSync(join(folder, 'src', 'extension.ts'));
    assert.equal(hasSources, process.env.EXTENSION_UNDER_TEST === 'unpacked', folder);
  });

  it('registers every command of its manifest', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    const declared = manifest.contributes.commands.map(({ command }) => command);
    assert.deepEqual(
      declared.filter((command) => !registered.has(command)),
      [],
    );
  });
});
