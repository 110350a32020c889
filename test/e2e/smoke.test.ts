import assert from 'node:assert/strict';
import { openWorkbench } from './support/openWorkbench.ts';
import { temporaryWorkspace } from './support/temporaryWorkspace.ts';
import type { Workbench } from './support/workbench.ts';

describe('the window', () => {
  let workbench: Workbench;

  before(async () => {
    workbench = await openWorkbench({ folder: await temporaryWorkspace() });
  });

  after(() => workbench.dispose());

  it('has the Autopack views in the activity bar', async () => {
    await workbench.openViewContainer('Autopack');
    const title = workbench.page.locator('.part.sidebar .composite.title');
    assert.match(await title.innerText(), /Autopack/i);
    await workbench.screenshot('smoke');
  });
});
