import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { failPhaseOperation } from '../../../src/core/maintenance/failPhase.ts';
import { deleteCanariesOperation, insertCanaryOperation } from '../../../src/core/maintenance/canaryRun.ts';
import { deleteRunOperation } from '../../../src/core/maintenance/deleteRun.ts';
import { guardedWrite } from '../../../src/core/identity/guardedWrite.ts';
import { markStaleOperation } from '../../../src/core/maintenance/markStale.ts';
import type { Operation } from '../../../src/core/identity/operation.ts';
import { requeueOperation } from '../../../src/core/maintenance/requeue.ts';
import { seedOperation } from '../../../src/core/seed/seedDatabase.ts';
import { telemetryCollectionV4 } from '../../../src/core/seed/telemetryCollectionV4.ts';
import { adopt, planAdoption } from '../../../src/node/maintenance/adopt.ts';
import type { GuardWorld } from './guardWorld.ts';

/** The seeded run. */
export const seededRun = 'telemetry-collection-v4';
/** Its first phase. */
export const firstPhase = { runId: seededRun, phaseId: 'telemetry-p1-string-util' };
/** Every change of an existing database: authorised as a command does it, then carried out. */
export type Change = (
  world: GuardWorld,
  path: string,
  consent?: { allowTriggers: true },
) => Promise<() => Promise<unknown>>;

const guarded =
  (operation: Operation, make: (world: GuardWorld, path: string) => Promise<unknown>, of: unknown): Change =>
  async (world, path, consent) => {
    const expected = await world.authorise(path, operation, consent);
    const params = await make(world, path);
    return () =>
      guardedWrite(world.writer, { path, expected }, of as typeof requeueOperation, params as never);
  };

/** By what a person would call them. */
export const changes: Readonly<Record<string, Change>> = {
  requeue: guarded(
    'requeue',
    async ({ reader }, path) => {
      const scope = { states: ['FAILED'], staleBefore: 0 } as const;
      const { phases } = (await reader.request(path, 'requeueSelection', scope)).value;
      assert.equal(phases.length, 3);
      return { phases, now: Date.now() };
    },
    requeueOperation,
  ),
  'mark stale': guarded(
    'mark-stale',
    async ({ reader }, path) => {
      const before = Date.now() + 1000;
      const { stale } = (await reader.request(path, 'stalePhases', { before })).value;
      assert.notEqual(stale.length, 0);
      return { stale, before, now: Date.now() };
    },
    markStaleOperation,
  ),
  'fail a phase': guarded(
    'drain',
    () => Promise.resolve({ key: firstPhase, reason: 'x', from: 'FAILED', now: Date.now() }),
    failPhaseOperation,
  ),
  'delete a run': guarded(
    'delete-run',
    async ({ reader }, path) => ({
      run: (await reader.request(path, 'runToDelete', { runId: seededRun })).value,
    }),
    deleteRunOperation,
  ),
  seed: guarded(
    'seed',
    () =>
      Promise.resolve({
        plan: { ...telemetryCollectionV4, runId: 'another' },
        now: Date.now(),
        anyRole: false,
      }),
    seedOperation,
  ),
  'insert a canary': guarded(
    'canary',
    () => Promise.resolve({ runId: `autopack-hygiene-canary-${randomUUID()}`, now: Date.now() }),
    insertCanaryOperation,
  ),
  'delete canaries': guarded('canary', () => Promise.resolve({}), deleteCanariesOperation),
  adopt: async ({ guard, writer, folder }, path, consent) => {
    const wish = { role: 'seed', anew: true, ...consent } as const;
    const plan = await planAdoption(guard, path, wish);
    const clock = { now: () => Date.now(), sleep: () => Promise.resolve() };
    return () => adopt(plan, { guard, writer, clock, workspaceFolder: folder });
  },
};
