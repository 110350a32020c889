import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { anyPhase } from '../../../../src/core/model/phaseFilter.ts';
import {
  filterFrom,
  filterValues,
  filterLabel,
  filterMessage,
} from '../../../../src/editor/runs/filterItems.ts';
import { runDescription } from '../../../../src/editor/runs/runTexts.ts';
import { exampleRun } from '../support/exampleRun.ts';

const kinds = {
  states: { FAILED: 3, QUEUED: 1200, ODD: 1 },
  categories: [{ name: 'tests', phases: 2 }],
  complexities: [],
};

describe('the filter of the Runs view', () => {
  it('says what is shown and why', () => {
    const filter = { states: ['FAILED', 'QUEUED'], text: ' auth ', categories: ['Tests'], complexities: [] };
    assert.equal(filterLabel(filter), 'failed or queued, "auth", tests');
    assert.equal(filterLabel({ ...anyPhase, text: 'a' }), '"a"');
    const shown = { runs: 3, runsInAll: 2000, phases: 1 };
    assert.equal(
      filterMessage({ ...anyPhase, states: ['FAILED'] }, shown),
      '3 of 2,000 runs, 1 phase: failed',
    );
  });

  it('names no phases where there are none', () => {
    const none = { runs: 0, runsInAll: 70, phases: 0 };
    assert.equal(filterMessage({ ...anyPhase, text: 'a' }, none), '0 of 70 runs: "a"');
  });

  it('counts in a row both what is shown and what there is', () => {
    const run = exampleRun({ phaseStates: { FAILED: 3, COMPLETE: 7 } });
    assert.match(runDescription(run), /^7 complete, 3 failed ·/);
    assert.match(runDescription(run, { FAILED: 3 }), /^3 failed of 10 phases ·/);
  });

  it('offers the states in the order in which a phase passes through them, then the other kinds', () => {
    const values = filterValues(kinds, { ...anyPhase, states: ['FAILED'], categories: ['gone'] });
    assert.deepEqual(
      values.map(({ list, label, description, isTicked }) => [list, label, description, isTicked]),
      [
        ['states', 'queued', '1,200 phases', false],
        ['states', 'failed', '3 phases', true],
        ['states', 'ODD', '1 phase', false],
        ['categories', 'tests', '2 phases', false],
        ['categories', 'gone', '0 phases', true],
      ],
    );
  });

  it('is what was ticked and typed', () => {
    const filter = { states: ['FAILED'], text: 'auth', categories: ['tests'], complexities: ['low'] };
    const offered = filterValues(kinds, filter);
    const ticked = offered.filter(({ isTicked }) => isTicked);
    assert.deepEqual(filterFrom(ticked, offered.length, ' auth '), filter);
    assert.deepEqual(filterFrom([], offered.length, ''), anyPhase);
    assert.deepEqual(filterFrom(offered, offered.length, ''), anyPhase, 'all of them');
  });
});
