import { DatabaseSync } from 'node:sqlite';
import { guardedWrite } from '../../../src/core/identity/guardedWrite.ts';
import { failPhaseOperation } from '../../../src/core/maintenance/failPhase.ts';
import type { WriteConsent } from '../../../src/core/identity/requireWritable.ts';
import type { GuardWorld } from './guardWorld.ts';

/**
 * A change of a seeded database, authorised as a command does it, after which no run is more or less: the next phase
 * that is QUEUED fails. `folder` is the workspace folder that it comes from.
 */
export async function changePhase(
  world: GuardWorld,
  path: string,
  { folder = world.folder, ...consent }: WriteConsent & { readonly folder?: string } = {},
): Promise<void> {
  const expected = await world.guardIn(folder).authorise(path, 'drain', consent);
  const database = new DatabaseSync(path, { readOnly: true });
  const row = database
    .prepare(`SELECT run_id, phase_id FROM phases WHERE state = 'QUEUED' ORDER BY phase_index LIMIT 1`)
    .get();
  database.close();
  const key = { runId: String(row?.run_id), phaseId: String(row?.phase_id) };
  const params = { key, reason: 'x', from: 'QUEUED', now: Date.now() };
  await guardedWrite(world.writerIn(folder), { path, expected }, failPhaseOperation, params);
}
