import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { PhaseKey } from '../../../../src/core/model/phase.ts';
import { anyPhase, type PhaseFilter } from '../../../../src/core/model/phaseFilter.ts';
import { drainChoices, type FilteredRuns } from '../../../../src/editor/drains/drainChoices.ts';
import {
  subjectLabel,
  subjectOptions,
  validateScope,
  type DrainSubject,
  type ValidatedScope,
} from '../../../../src/editor/drains/drainSubject.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { examplePhase } from '../support/examples.ts';
import { exampleRun } from '../support/exampleRun.ts';

const failing = exampleRun({ id: 'failing', phaseStates: { FAILED: 20, COMPLETE: 4 } });
const queued = exampleRun({ id: 'queued', phaseStates: { QUEUED: 5, FAILED: 1 } });
const done = exampleRun({ id: 'done', phaseStates: { COMPLETE: 9 } });
const filter: PhaseFilter = {
  states: ['FAILED', 'COMPLETE'],
  text: 'auth',
  categories: [],
  complexities: [],
};
const filtered: FilteredRuns = {
  filter,
  runsInAll: 3,
  runs: [
    { run: failing, matching: { FAILED: 12, COMPLETE: 1 } },
    { run: done, matching: { COMPLETE: 9 } },
  ],
};

describe('what can be drained', () => {
  it('is first what the view shows, then what is queued, what failed, everything, and each run', () => {
    const { batches, runs } = drainChoices([failing, queued, done], filtered, 10);
    assert.deepEqual(
      batches.map(({ label, description }) => `${label} (${description})`),
      [
        '$(filter) What the view shows: failed or complete, "auth" (next 10 of 12)',
        '$(layers) Queued phases (5 phases)',
        '$(layers) Failed phases (next 10 of 21, one per run first)',
        '$(layers) Any phase (next 10 of 26, one per run first)',
      ],
    );
    assert.deepEqual(
      runs.map(({ label }) => label),
      ['$(play) failing', '$(play) queued'],
    );
  });

  it('leaves out what would be nothing, or the same as another', () => {
    const none = { ...filtered, runs: [{ run: done, matching: { COMPLETE: 9 } }] };
    assert.equal(drainChoices([queued], none, 10).batches[0]?.label, '$(layers) Queued phases');
    const all = { ...filtered, runs: [{ run: failing, matching: failing.phaseStates }] };
    assert.deepEqual(
      drainChoices([failing], all, 10).batches.map(({ subject }) => subject.kind),
      ['batch'],
    );
  });

  it('is handed to the core as a scope, not as phases', () => {
    const subject = { kind: 'matching', filter } as const;
    assert.equal(subjectLabel(subject, '10 phases'), '10 phases that match failed or complete, "auth"');
    const failed = { kind: 'matching', filter: { ...anyPhase, states: ['FAILED'] } } as const;
    assert.equal(subjectLabel(failed, '10 phases'), '10 phases that are failed');
    const match = { text: 'auth', categories: [], complexities: [] };
    assert.deepEqual(subjectOptions(subject), { states: ['FAILED'], match });
    const ofState = { kind: 'matching', filter: { ...anyPhase, states: ['QUEUED'] } } as const;
    assert.deepEqual(subjectOptions(ofState), { states: ['QUEUED'] });
    assert.deepEqual(subjectOptions({ kind: 'matching', filter: { ...anyPhase, text: 'auth' } }), { match });
  });

  it('executes a single phase once, whatever the batch size in the settings', () => {
    const key = { runId: 'sharing', phaseId: 'auth' };
    assert.deepEqual(subjectOptions({ kind: 'phase', ...key }), { phaseKeys: [key], batchSize: 1 });
  });

  it('is refused where nothing of it can be drained', async () => {
    const settle = (subject: DrainSubject, found: FilteredRuns = filtered): Promise<ValidatedScope> =>
      validateScope(subject, {
        runs: [done, queued, failing],
        filter: null,
        match: () => Promise.resolve(found),
        ask: ({ runId, phaseId }) => Promise.resolve(examplePhase({ runId, phaseId, state: phaseId })),
        phasesOf: (runId) =>
          Promise.resolve(
            ['FAILED', 'COMPLETE'].map((state) =>
              examplePhase({ runId, phaseId: `${runId}-${state}`, state }),
            ),
          ),
      });
    const matching = { kind: 'matching', filter } as const;
    assert.deepEqual(await settle(matching), { subject: matching, remarks: [] });
    const none = { ...filtered, runs: [{ run: done, matching: { COMPLETE: 9 } }] };
    await rejectsWith('invalid-argument', settle(matching, none));
    await rejectsWith('invalid-argument', settle({ kind: 'run', runId: 'done' }));
    await rejectsWith('invalid-argument', settle({ kind: 'phase', runId: 'done', phaseId: 'GATE' }));
    const keysOf = (states: readonly string[]): PhaseKey[] =>
      states.map((phaseId) => ({ runId: 'queued', phaseId }));
    const selected = (...states: string[]): DrainSubject => ({
      kind: 'selected',
      keys: keysOf(states),
      runIds: [],
    });
    const selection = (...states: string[]): DrainSubject => ({
      kind: 'selection',
      keys: keysOf(states),
      runs: 0,
    });
    await rejectsWith('invalid-argument', settle(selected('COMPLETE')));
    assert.deepEqual(await settle(selected('FAILED', 'QUEUED')), {
      subject: selection('FAILED', 'QUEUED'),
      remarks: [],
    });
    assert.deepEqual(await settle(selected('FAILED', 'COMPLETE', 'EXECUTING', 'COMPLETE')), {
      subject: selection('FAILED'),
      remarks: ['Left out, for only queued and failed phases can be drained: 1 executing, 2 complete.'],
    });
    const runs = { kind: 'selected', keys: keysOf(['FAILED']), runIds: ['queued', 'failing'] } as const;
    const { subject } = await settle(runs);
    assert.ok(subject.kind === 'selection');
    assert.deepEqual(
      subject.keys.map(({ phaseId }) => phaseId),
      ['queued-FAILED', 'failing-FAILED'],
    );
    assert.equal(subjectOptions(subject).batchSize, undefined);
  });

  it('warns that a run is more than the filtered view shows of it', async () => {
    const remarks = async (active: PhaseFilter | null, runId: string): Promise<readonly string[]> => {
      const match = (): Promise<FilteredRuns> => Promise.resolve(filtered);
      const never = (): never => assert.fail();
      const facts = { runs: [failing, queued], match, ask: never, phasesOf: never, filter: active };
      return (await validateScope({ kind: 'run', runId }, facts)).remarks;
    };
    assert.deepEqual(await remarks(null, 'failing'), []);
    assert.deepEqual(await remarks(filter, 'failing'), [
      "The view is filtered and shows 12 of the run's 20 candidates.",
    ]);
    assert.deepEqual(await remarks(filter, 'queued'), [
      "The view is filtered and shows 0 of the run's 6 candidates.",
    ]);
  });
});
