import assert from 'node:assert/strict';
import {
  collectionRemarks,
  nextStepLabel,
  outcomeText,
  standingLabel,
} from '../../../../src/editor/quickstart/quickstartTexts.ts';

const phases = { have: 0, need: 20 };
const price = { date: '2026-11-01', expected: 0.1, most: 1 };

describe('texts of a quickstart', () => {
  it('say where a database stands and what comes next', () => {
    const standing = {
      stage: 'drain-queued',
      phaseStates: { QUEUED: 3, COMPLETE: 7 },
      phases: { have: 7, need: 20 },
    } as const;
    assert.equal(standingLabel(standing), '3 queued, 7 complete · 7 of 20 phases with a clean sample');
    assert.equal(nextStepLabel(standing), 'Next: drain the queued phases');
  });

  it('say before the first drain what may follow, what it costs, and what bounds it', () => {
    const planned = { executor: 'endpoint', cost: { model: 'm', price }, maxCost: 5 };
    assert.deepEqual(collectionRemarks(phases, 10, planned), [
      'Then Quickstart seeds and drains more, until 20 phases have a clean sample: 10 more phases if all succeed, at most 105. The figures above are for the first 10.',
      'About $0.2000 in all if all succeed, at most $11.50.',
      'The cost limit of $5.00 is for all of it together.',
    ]);
  });

  it('say that there is no cost limit, and nothing of a price that is not known', () => {
    const planned = { executor: 'endpoint', cost: { model: 'm', price: null }, maxCost: null };
    assert.deepEqual(collectionRemarks({ have: 10, need: 20 }, 10, planned), [
      'Where phases fail, Quickstart seeds and drains others, until 20 have a clean sample: at most 45 more phases. The figures above are for the first 10.',
      'There is no cost limit: the setting "Drain: Max Cost" sets one for all of it together.',
    ]);
  });

  it('promise nothing more with an executor that is not drained on with', () => {
    assert.deepEqual(collectionRemarks(phases, 10, { executor: 'example', cost: null, maxCost: null }), []);
  });

  const enough = { have: 20, need: 20 };
  it('lead to a proposal', () => {
    const calibration = { verdict: 'proposed', reasons: [] } as const;
    assert.equal(
      outcomeText({ phases: enough, calibration, executor: 'endpoint', reason: null }),
      'Quickstart is done: 20 of 20 phases have a clean sample, and a calibration is proposed. Choose Work Out a Proposal at the end of the report to see it.',
    );
  });

  it('say what speaks against a proposal', () => {
    const calibration = { verdict: 'withheld', reasons: ['No group has 5 phases.'] } as const;
    assert.equal(
      outcomeText({ phases: enough, calibration, executor: null, reason: null }),
      'Quickstart is done: 20 of 20 phases have a clean sample, but no calibration is proposed yet. No group has 5 phases.',
    );
  });

  it('say what is missing for one, by what drained', () => {
    const text = (executor: string, reason: string | null): string =>
      outcomeText({ phases, calibration: null, executor, reason });
    assert.match(
      text('example', null),
      /^0 of 20 phases have a clean sample, .* Recorded answers never count/,
    );
    assert.match(text('vscode', null), /Samples of VS Code's models never count/);
    assert.match(text('endpoint', 'The limits are used up.'), /calibration\. The limits are used up\.$/);
  });
});
