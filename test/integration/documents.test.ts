import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { TestAccess } from '../../src/extension.ts';
import { commandIds, documentSchemes } from '../../src/editor/ids.ts';
import { phaseUri } from '../../src/editor/commands/rowDocuments.ts';
import { waitUntil } from '../e2e/support/waitUntil.ts';
import { commit, seedDatabaseInWorkspace } from './support/databases.ts';
import { extensionUnderTest, inWorkspace } from './support/extensionUnderTest.ts';

const phase = { runId: 'telemetry-collection-v4', phaseId: 'telemetry-p2-number-util' };

describe('read-only documents', () => {
  let api: TestAccess;
  let path: string;

  before(async () => {
    api = await extensionUnderTest();
    path = await seedDatabaseInWorkspace('documents.db');
    await api.selected.select(path);
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(path);
  });

  it('show a phase with all its facts, and follow the database', async () => {
    await vscode.commands.executeCommand(commandIds.showPhase, phase);
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    assert.equal(tab?.isPreview, true);
    const document = await vscode.workspace.openTextDocument(phaseUri({ database: path, ...phase }));
    assert.equal(tab.label, phase.phaseId);
    assert.match(document.getText(), /\*\*queued\*\* in run `telemetry-collection-v4`/);
    assert.match(document.getText(), /number_helper\.py/);
    commit(
      path,
      "UPDATE phases SET state = 'FAILED', last_failure_reason = 'PATCH_FAILED: `a`' WHERE phase_id = 'telemetry-p2-number-util'",
    );
    const text = await waitUntil(
      'the document follows',
      () => Promise.resolve(document.getText()),
      (now) => now.includes('**failed**'),
      3000,
    );
    assert.match(text, /## Why it failed\n\n```text\nPATCH_FAILED: `a`\n```/);
  });

  it('say what is wrong where there is no such phase', async () => {
    const uri = phaseUri({ database: path, runId: phase.runId, phaseId: 'no-such-phase' });
    const document = await vscode.workspace.openTextDocument(uri);
    assert.match(document.getText(), /no-such-phase/);
  });

  it('show the identity', async () => {
    void vscode.commands.executeCommand(commandIds.checkIdentity);
    const document = await waitUntil(
      'the identity is open',
      () =>
        Promise.resolve(
          vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === documentSchemes.identity),
        ),
      (found) => found !== undefined,
    );
    assert.match(document?.getText() ?? '', /documents\.db is a telemetry seed database: 1 run, 10 phases/);
    assert.match(document?.getText() ?? '', /\*\*Fingerprint\*\*: `[0-9a-f]{16}`/);
    assert.ok(document?.getText().includes(inWorkspace('documents.db')));
  });
});
