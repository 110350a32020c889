import { join } from 'node:path';
import { prepareExampleWorkspace } from '../../../examples/prepareExampleWorkspace.ts';
import type { ProtectionLevel } from '../../../src/core/model/protectionLevel.ts';
import { adopted } from '../../support/adopted.ts';
import { openWorkbench } from './openWorkbench.ts';
import { temporaryWorkspace } from './temporaryWorkspace.ts';
import type { Workbench } from './workbench.ts';

/** A window on the example workspace with its backlog adopted, protected no more than a seed, and selected; the Drains view is folded, for rows are counted. */
export async function openBacklog(
  sideBarWidth: number,
  level: ProtectionLevel = 'ask',
): Promise<{ workbench: Workbench; folder: string; database: string }> {
  const name = 'autopack_legacy.db';
  const folder = await temporaryWorkspace();
  await prepareExampleWorkspace(folder);
  const database = join(folder, name);
  await adopted(database, 'legacy', level);
  const workbench = await openWorkbench({ folder });
  await workbench.openViewContainer('Autopack');
  await workbench.resizeSideBar(sideBarWidth);
  await workbench.statusBar.item('no database selected').click();
  await workbench.quickInput.pickDatabase(name);
  await workbench.tree.row('lantern-import-v1').waitFor();
  await workbench.page.getByRole('button', { name: /^Drains\b.*Section/ }).click();
  return { workbench, folder, database };
}
