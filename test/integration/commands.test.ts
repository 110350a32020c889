import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandIds, viewIds } from '../../src/editor/ids.ts';
import { extensionUnderTest } from './support/extensionUnderTest.ts';

describe('the commands', () => {
  before(extensionUnderTest);

  it('are registered as ids.ts names them, none more and none less', async () => {
    const all = await vscode.commands.getCommands(true);
    const views = Object.values(viewIds);
    // VS Code makes commands of its own for each view, such as `<view>.focus`.
    const ours = all.filter(
      (id) => id.startsWith('autopackHygiene.') && !views.some((view) => id.startsWith(`${view}.`)),
    );
    assert.deepEqual(ours.sort(), Object.values(commandIds).sort());
  });
});
