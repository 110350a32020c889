import assert from 'node:assert/strict';
import {
  telemetryCoverage,
  type CoverageCell,
  type PhaseKind,
} from '../../../../../src/core/telemetry/analysis/coverage.ts';
import { sample, samplesOf } from '../sampleFixtures.ts';

const cell = (cells: readonly CoverageCell[], name: string) =>
  cells.find((one) => `${one.category} ${one.complexity} ${one.deliverables}` === name);

describe('coverage', () => {
  it('asks for five phases of each category and complexity, some with several deliverables', () => {
    const { cells, missing, toSeed, complete, phases } = telemetryCoverage(samplesOf(), []);
    assert.equal(cells.length, 18);
    assert.deepEqual([missing, toSeed, complete], [45, 45, false]);
    assert.deepEqual(phases, { have: 0, need: 20 });
    assert.equal(cell(cells, 'docs high 2-5')?.need, 2);
    assert.equal(cell(cells, 'tests low 1')?.need, 3);
  });

  it('counts clean samples only, and a phase once', () => {
    const { cells, phases } = telemetryCoverage(
      samplesOf(sample(), sample({ actual: 700 }), sample({ success: false }), sample({ phaseId: 'gone' })),
      [],
    );
    const found = cell(cells, 'implementation low 1');
    assert.deepEqual([found?.have, found?.samples, found?.missing, phases.have], [1, 2, 2, 1]);
  });

  it('shows other kinds without asking for them', () => {
    const { cells, missing } = telemetryCoverage(
      samplesOf(sample({ category: 'backend', complexity: 'extreme', deliverableCount: 9 })),
      [{ category: 'tests', complexity: 'low', deliverables: '6+' }],
    );
    assert.deepEqual(cell(cells, 'backend extreme 6+'), {
      category: 'backend',
      complexity: 'extreme',
      deliverables: '6+',
      have: 1,
      need: 0,
      missing: 0,
      waiting: 0,
      samples: 1,
    });
    assert.equal(cell(cells, 'tests low 6+')?.waiting, 1);
    assert.equal(missing, 45);
  });

  it('has nothing to seed of what waits already', () => {
    const kind: PhaseKind = { category: 'docs', complexity: 'low', deliverables: '1' };
    const { missing, toSeed } = telemetryCoverage(samplesOf(), [kind, kind, kind, kind]);
    assert.deepEqual([missing, toSeed], [45, 42]);
  });
});
