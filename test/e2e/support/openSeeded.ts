import { openWorkbench, type WorkbenchOptions } from './openWorkbench.ts';
import { nodeAsPython } from './seededWorkspace.ts';
import type { Workbench } from './workbench.ts';

/** A window on a seeded workspace, its database selected and the Autopack views in a wide side bar. */
export async function openSeeded(
  folder: string,
  options: Pick<WorkbenchOptions, 'companions' | 'env' | 'settings'> = {},
): Promise<Workbench> {
  const settings = { ...nodeAsPython, ...options.settings };
  const workbench = await openWorkbench({ ...options, folder, settings });
  await workbench.openViewContainer('Autopack');
  await workbench.statusBar.item('no database selected').click();
  await workbench.quickInput.rows.filter({ hasText: '10 phases' }).waitFor();
  await workbench.quickInput.pickDatabase('seed.db');
  await workbench.tree.row('telemetry-collection-v4').waitFor();
  await workbench.openViewContainer('Autopack');
  await workbench.resizeSideBar(760);
  return workbench;
}
