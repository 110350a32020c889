import assert from 'node:assert/strict';
import { eventsOf, noYield, yieldOf } from '../../src/core/model/phaseObservation.ts';
import type { DrainStorePort } from '../../src/core/drain/drainPorts.ts';

/** A store over one run with three phases: the first QUEUED, the second FAILED for `boom`, the third COMPLETE. */
export interface StoreUnderTest {
  readonly store: DrainStorePort;
  readonly runId: string;
  readonly phaseIds: readonly [queued: string, failed: string, complete: string];
  /** Adds one estimation event of a phase, as another program would. */
  readonly addEvent: (phaseId: string) => void;
}

/** What every {@link DrainStorePort} does alike: the database's and the one in memory, which stands for it in unit tests. */
export function drainStoreContract(make: () => Promise<StoreUnderTest>): void {
  const { signal } = new AbortController();
  let world: StoreUnderTest;
  let queued: string;
  let failed: string;
  let complete: string;
  const key = (phaseId: string) => ({ runId: world.runId, phaseId });
  const stateOf = async (phaseId: string) => {
    const { phase } = await world.store.observe(key(phaseId), null, signal);
    return [phase?.state, phase?.failureReason];
  };

  beforeEach(async () => {
    world = await make();
    [queued, failed, complete] = world.phaseIds;
  });

  it('counts states in scope, and takes what can be drained for candidates', async () => {
    const backlog = await world.store.backlog({ kind: 'all' }, signal);
    assert.deepEqual(
      backlog.candidates.map(({ phaseId, state }) => [phaseId, state]),
      [
        [queued, 'QUEUED'],
        [failed, 'FAILED'],
      ],
    );
    assert.deepEqual({ ...backlog.phaseStates }, { QUEUED: 1, FAILED: 1, COMPLETE: 1 });
    assert.deepEqual([backlog.databaseIsEmpty, backlog.hasTelemetryTable], [false, true]);
  });

  it('says of named phases which cannot be drained, and of a run whether it is there', async () => {
    const keys = [key(queued), key(complete), key('no such phase')];
    const { candidates, refused } = await world.store.backlog({ kind: 'phases', keys }, signal);
    assert.deepEqual(
      candidates.map(({ phaseId }) => phaseId),
      [queued],
    );
    assert.deepEqual(
      refused.map(({ phaseId, state }) => [phaseId, state]),
      [
        [complete, 'COMPLETE'],
        ['no such phase', null],
      ],
    );
    const ofRun = await world.store.backlog({ kind: 'run', runId: world.runId }, signal);
    const ofNone = await world.store.backlog({ kind: 'run', runId: 'no such run' }, signal);
    assert.deepEqual([ofRun.runIsKnown, ofNone.runIsKnown], [true, false]);
  });

  it('shows a phase among the others of its run, and nothing of one that is not there', async () => {
    const { phase, siblings } = await world.store.observe(key(queued), null, signal);
    assert.equal(phase?.state, 'QUEUED');
    assert.deepEqual(siblings.map(({ phaseId }) => phaseId).sort(), [failed, complete].sort());
    const none = await world.store.observe(key('no such phase'), null, signal);
    assert.equal(none.phase, null);
  });

  it('yields the telemetry that appeared behind the marks, and only that', async () => {
    world.addEvent(failed);
    const before = await world.store.observe(key(queued), null, signal);
    world.addEvent(queued);
    const after = await world.store.observe(key(queued), before.marks, signal);
    assert.equal(eventsOf(yieldOf(after, key(queued))), 1);
    assert.deepEqual(yieldOf(after, key(failed)), noYield);
  });

  it('fails a phase only from the state it was seen in', async () => {
    assert.equal(await world.store.fail(key(queued), 'abandoned', 'EXECUTING'), false);
    assert.deepEqual(await stateOf(queued), ['QUEUED', null]);
    assert.equal(await world.store.fail(key(queued), 'abandoned', 'QUEUED'), true);
    assert.deepEqual(await stateOf(queued), ['FAILED', 'abandoned']);
  });

  it('puts a phase back into the queue only from the state it was seen in, and keeps its reason', async () => {
    assert.equal(await world.store.requeue(key(failed), 'QUEUED'), false);
    assert.equal(await world.store.requeue(key(failed), 'FAILED'), true);
    assert.deepEqual(await stateOf(failed), ['QUEUED', 'boom']);
  });
}
