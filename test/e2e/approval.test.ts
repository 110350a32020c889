import assert from 'node:assert/strict';
import type { ExecutionActivity, PersonPort, ProposedFiles } from '../../src/core/model/executionHost.ts';
import { followerPerson } from '../../src/node/drain/followerPorts.ts';
import { openSeeded } from './support/openSeeded.ts';
import { seededWorkspace } from './support/seededWorkspace.ts';
import { standInDrain, type StandInDrain } from './support/standInDrain.ts';
import type { Workbench } from './support/workbench.ts';

const key = { runId: 'telemetry-collection-v4', phaseId: 'telemetry-p1-string-util' };

const oneFile: ProposedFiles = {
  key,
  files: [
    {
      path: 'examples/telemetry_utils/string_helper.py',
      before: '"""Helpers."""\n\n\ndef upper(text):\n    return text.upper()\n',
      after:
        '"""Helpers for strings."""\n\n\ndef upper(text: str) -> str:\n    """Upper case."""\n    return text.upper()\n',
    },
  ],
};
const severalFiles: ProposedFiles = {
  key,
  files: [
    ...oneFile.files,
    { path: 'examples/telemetry_utils/new_file.py', before: null, after: 'ready = True\n# \u202etnemmoc\n' },
  ],
};

describe('files that a drain wants to write', () => {
  let workbench: Workbench;
  let drain: StandInDrain;
  let person: PersonPort;
  let withdrawal: AbortController;

  before(async () => {
    const { folder, database } = await seededWorkspace('');
    drain = await standInDrain(folder, database);
    person = followerPerson(drain.requests);
    drain.tell({
      ...{ kind: 'phase-started', key, number: 1, of: 10, attempt: 1, reason: 'A sample of its run.' },
      ...{ startedAt: Date.now(), timeoutMs: 900_000 },
    });
    workbench = await openSeeded(folder);
  });

  beforeEach(() => {
    withdrawal = new AbortController();
  });

  // What a test that failed has left open would be in the way of the next.
  afterEach(() => withdrawal.abort());

  function approve(files: ProposedFiles): ReturnType<PersonPort['approve']> {
    const decision = person.approve(files, withdrawal.signal);
    decision.catch(() => undefined);
    return decision;
  }

  after(async () => {
    await workbench.dispose();
    await drain.end();
  });

  const isAt = (step: ExecutionActivity['step'], outputTokens: number): void =>
    drain.tell({ kind: 'phase-progress', key, activity: { step, outputTokens, cost: 0.0123 } });

  it('are preceded by what the phase is at, with the tokens so far', async () => {
    isAt('asking', 1234);
    await workbench.tree.row('asking the model · 1.2K tokens · ~$0.0123').waitFor();
    await workbench.tree.row(/Draining seed\.db.*1\.2K tokens/).waitFor();
    await workbench.screenshot('approval-asking');
  });

  it('open as a diff, and are written once a person says so there', async () => {
    isAt('approving', 1234);
    const decision = approve(oneFile);
    await workbench.tree.row('waiting for you: 1 file to look at').waitFor();
    const diff = workbench.page.locator('.monaco-diff-editor');
    await diff.waitFor();
    await workbench.page.getByText('def upper(text: str) -> str:').first().waitFor();
    await workbench.notification('telemetry-p1-string-util wants to write 1 file').waitFor();
    await workbench.screenshot('approval-one-file');
    await workbench.editorAction('Write Files').click();
    assert.equal(await decision, 'approved');
    await diff.waitFor({ state: 'hidden' });
    await workbench.notification('wants to write').waitFor({ state: 'hidden' });
  });

  it('open together where they are several, with what the diff does not show said beside it', async () => {
    const decision = approve(severalFiles);
    await workbench.page.locator('.multiDiffEntry, .multi-diff-editor, .monaco-component').first().waitFor();
    await workbench.notification('new_file.py contains 1 character that does not show.').waitFor();
    await workbench.editorAction('Write Files').waitFor();
    await workbench.screenshot('approval-several-files');
    await workbench.editorAction('Reject').click();
    assert.equal(await decision, 'rejected');
    await workbench.notification('Rejected: nothing was written.').waitFor();
    await workbench.editorAction('Write Files').waitFor({ state: 'hidden' });
    // VS Code drops the fourth toast within 800 ms, which would be the next test's.
    await workbench.notification('wants to write').waitFor({ state: 'hidden' });
  });

  it('wait on where their diff is closed, and are found again by their row', async () => {
    // Only three are on the screen.
    await workbench.runCommand('Notifications: Clear All Notifications');
    const decision = approve(oneFile);
    await workbench.editorAction('Write Files').waitFor();
    await workbench.runCommand('View: Close All Editors');
    await workbench.editorAction('Write Files').waitFor({ state: 'hidden' });
    await workbench.tree.pressInline('waiting for you: 1 file', 'Show Changes');
    await workbench.editorAction('Write Files').waitFor();
    await workbench.runCommand('View: Close All Editors');
    await workbench.editorAction('Write Files').waitFor({ state: 'hidden' });
    await workbench.notification('wants to write').getByText('Show Changes').click();
    await workbench.editorAction('Write Files').click();
    assert.equal(await decision, 'approved');
  });

  it('are withdrawn with the phase', async () => {
    const decision = approve(oneFile).catch(String);
    await workbench.editorAction('Write Files').waitFor();
    withdrawal.abort();
    assert.match(await decision, /cancelled/);
    await workbench.page.locator('.monaco-diff-editor').waitFor({ state: 'hidden' });
    await workbench.notification('wants to write').waitFor({ state: 'hidden' });
  });

  it('are written without asking only where a person has said so for the workspace, and may take it back', async () => {
    await workbench.runCommand('Autopack: Write Files Without Asking…');
    const dialog = workbench.dialog('Let drains write files in this workspace without asking?');
    await dialog.waitFor();
    await workbench.screenshot('approval-hands-off');
    await dialog.getByRole('button', { name: 'Write Without Asking' }).click();
    const message = workbench.page.getByText('Hands-off: drains write files without asking.');
    await message.waitFor();
    await workbench.screenshot('approval-hands-off-on');
    await workbench.runCommand('Autopack: Ask Before Writing Files');
    await message.waitFor({ state: 'hidden' });
  });
});
