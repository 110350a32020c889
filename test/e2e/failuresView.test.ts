import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { prepareExampleWorkspace } from '../../examples/prepareExampleWorkspace.ts';
import { openWorkbench } from './support/openWorkbench.ts';
import { temporaryWorkspace } from './support/temporaryWorkspace.ts';
import type { Workbench } from './support/workbench.ts';

const legacy = 'autopack_legacy.db';

describe('the Failures view', () => {
  let folder: string;
  let workbench: Workbench;

  before(async () => {
    folder = await temporaryWorkspace();
    await prepareExampleWorkspace(folder);
    workbench = await openWorkbench({ folder });
    await workbench.openViewContainer('Autopack');
    await workbench.resizeSideBar(760);
    await workbench.page.getByRole('button', { name: 'Failures Section' }).click();
  });

  after(() => workbench.dispose());

  const failed = (): number => {
    const database = new DatabaseSync(join(folder, legacy), { readOnly: true });
    try {
      return Number(
        database.prepare("SELECT count(*) AS n FROM phases WHERE upper(state) = 'FAILED'").get()?.n,
      );
    } finally {
      database.close();
    }
  };

  it('asks for a database first', async () => {
    await workbench.page.getByText('No database selected.', { exact: true }).waitFor();
  });

  it('lists what failed by why, the largest cluster first', async () => {
    await workbench.statusBar.item('no database selected').click();
    await workbench.quickInput.pickDatabase(legacy);
    await workbench.tree.row(/\d+ phases · \d+ runs? · \d{4}-/).waitFor();
    const counts = (await workbench.tree.texts()).flatMap((row) => {
      const [, count] = /(\d+) phases? · \d+ runs?/.exec(row) ?? [];
      return count === undefined ? [] : [Number(count)];
    });
    assert.deepEqual(
      counts,
      counts.toSorted((a, b) => b - a),
    );
    assert.ok((counts[0] ?? 0) > 1);
    await workbench.page
      .getByText(`${String(failed())} phases,`)
      .first()
      .waitFor();
    await workbench.screenshot('failures');
  });

  it('tells of a cluster by example what it is and what to do', async () => {
    const hover = await workbench.hover(workbench.tree.row(/\d+ phases · \d+ runs? ·/));
    assert.match(hover, /failed like this/);
    assert.match(hover, /Fingerprint/);
    await workbench.screenshot('failures-hover');
    await workbench.page.mouse.move(0, 0);
  });

  it('opens the details of a phase, and asks before it drains a sample', async () => {
    await workbench.tree.expand(/\d+ phases · \d+ runs? ·/);
    await workbench.screenshot('failures-open');
    await workbench.tree.pressInline(/\d+ phases · \d+ runs? ·/, 'Drain a Sample of This Cluster');
    const question = workbench.dialog(/Adopt autopack_legacy\.db\?|Drain the phase/);
    await question.waitFor();
    await workbench.screenshot('failures-sample');
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'hidden' });
  });
});
