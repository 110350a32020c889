import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  isResumable,
  sessionDescription,
  sessionEnd,
  sessionLabel,
} from '../../../../src/editor/drains/sessionTexts.ts';
import type { StoredDrain } from '../../../../src/editor/drains/followedDrainStore.ts';
import { completes, DrainWorld, phasesNamed } from '../../../support/drainWorld.ts';

/** The session of a drain in memory, as it was last saved. */
async function storedBy(world: DrainWorld, signal?: AbortSignal): Promise<StoredDrain> {
  await world.drain({ batchSize: 2 }, signal);
  const last = world.saved.at(-1);
  assert.ok(last);
  return { ...structuredClone(last), sessionPath: '/s.json', folder: '/repo', isRunning: false };
}

describe('what a session is called', () => {
  it('is complete by our file, though the drain was killed before it wrote that of Autopack', async () => {
    const whole = await storedBy(new DrainWorld(phasesNamed(2), completes));
    const torn = { ...whole, session: { ...whole.session, completed_at: null } };
    for (const stored of [whole, torn]) {
      assert.equal(sessionEnd(stored), 'good');
      assert.equal(isResumable(stored), false);
      assert.equal(sessionDescription(stored), '2 complete · 2 samples · seed.db');
    }
    assert.equal(sessionEnd({ ...torn, facts: null }), 'interrupted', 'Autopack knows nothing else');
  });

  it('is called by what was drained, or was to be', async () => {
    const stored = await storedBy(new DrainWorld(phasesNamed(2), completes));
    const [first] = stored.session.results;
    assert.ok(first && stored.facts);
    const labelled = (results: readonly (typeof first)[], options: object): string =>
      sessionLabel({
        ...stored,
        session: { ...stored.session, results: [...results] },
        facts: stored.facts && { ...stored.facts, options },
      });
    assert.equal(sessionLabel(stored), first.run_id);
    assert.equal(labelled([first], {}), first.phase_id);
    assert.equal(labelled([first], { runId: first.run_id }), first.run_id);
    assert.equal(labelled([first, { ...first, run_id: 'other' }], {}), '2 phases of 2 runs');
    assert.equal(labelled([], { states: ['FAILED'] }), 'FAILED');
    assert.equal(labelled([], {}), 'Any phase');
  });

  it('tells what was cancelled from what failed, where the session says so', async () => {
    const control = new AbortController();
    const world = new DrainWorld(phasesNamed(2), (phase, its, signal) => {
      if (phase.phaseId === 'p1') return completes(phase, its, signal);
      control.abort();
      return { outcome: 'cancelled', exitCode: null };
    });
    const stored = await storedBy(world, control.signal);
    assert.equal(sessionDescription(stored), 'stopped · 1 complete, 1 cancelled · 1 sample · seed.db');
    assert.equal(
      sessionDescription({ ...stored, facts: null }),
      'interrupted · 1 complete, 1 failed · 1 sample',
    );
  });
});
