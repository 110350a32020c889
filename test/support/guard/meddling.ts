import { nodeDrainStore } from '../../../src/node/drain/runDrain.ts';
import { systemClock } from '../../../src/node/system/systemPorts.ts';
import type { GuardWorld } from './guardWorld.ts';

/** Statements by which somebody changes what a database says it is. */
export const setId = (id: string): string => `UPDATE autopack_hygiene_identity SET id = '${id}'`;
export const setRole = (role: string): string => `UPDATE autopack_hygiene_identity SET role = '${role}'`;
export const dropIdentity = 'DROP TABLE autopack_hygiene_identity';

const firstPhase = { runId: 'telemetry-collection-v4', phaseId: 'telemetry-p1-string-util' };

/** The id a database has. */
export async function idOf(world: GuardWorld, path: string): Promise<string> {
  return (await world.guard.inspect(path)).fingerprint.id ?? '';
}

/** A drain that has looked at its backlog; gives its look at the next phase. */
export async function startedDrain(world: GuardWorld, databasePath: string): Promise<() => Promise<unknown>> {
  const { reader, writer } = world;
  const store = nodeDrainStore({ databasePath, reader, writer, clock: systemClock });
  await store.backlog({ kind: 'all' }, new AbortController().signal);
  return () => store.observe(firstPhase, null);
}
