import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareExampleWorkspace } from '../../examples/prepareExampleWorkspace.ts';
import { openWorkbench } from './support/openWorkbench.ts';
import { temporaryWorkspace } from './support/temporaryWorkspace.ts';
import { waitUntil } from './support/waitUntil.ts';
import type { Workbench } from './support/workbench.ts';

describe('a workspace of several folders', () => {
  let workbench: Workbench;

  before(async () => {
    const parent = await temporaryWorkspace();
    for (const name of ['backend', 'frontend']) {
      await mkdir(join(parent, name));
      await prepareExampleWorkspace(join(parent, name));
    }
    await writeFile(join(parent, 'frontend', '.env'), 'DATABASE_URL=sqlite:///autopack_legacy.db\n');
    const workspace = join(parent, 'both.code-workspace');
    await writeFile(workspace, JSON.stringify({ folders: [{ path: 'backend' }, { path: 'frontend' }] }));
    workbench = await openWorkbench({ folder: workspace });
  });

  after(() => workbench.dispose());

  it('offers the databases of every folder, and says of which', async () => {
    await workbench.statusBar.item('no database selected').click();
    const items = await waitUntil(
      'both are found',
      () => workbench.quickInput.texts(),
      (texts) => texts.filter((text) => text.includes('12 runs')).length === 2,
    );
    const found = items.filter((text) => text.includes('12 runs')).sort();
    assert.match(found.find((text) => text.includes('backend')) ?? '', /autopack_legacy\.db/);
    assert.match(
      found.find((text) => text.includes('frontend')) ?? '',
      /autopack_legacy\.db.*DATABASE_URL in \.env of frontend/,
    );
    await workbench.screenshot('select-database-multi-root');
  });
});
