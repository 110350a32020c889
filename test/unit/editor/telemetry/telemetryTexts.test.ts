import assert from 'node:assert/strict';
import { calibrate } from '../../../../src/core/telemetry/calibration/calibrate.ts';
import { applyingDetail, exportedWords } from '../../../../src/editor/telemetry/telemetryTexts.ts';
import { noFilter } from '../../../../src/core/telemetry/page/telemetryFilter.ts';
import { seededKinds, simulatedSamples } from '../../core/telemetry/calibration/simulatedSamples.ts';

const result = calibrate(simulatedSamples({ kinds: seededKinds, phases: 50 }));

describe('question before a proposal is applied', () => {
  it('shows each coefficient before and after with its unit, the effect, the file and what is kept', () => {
    const lines = applyingDetail('/project/estimator.json', result);
    assert.match(lines[0] ?? '', /^safetyFactor: 1\.3 → [\d.]+ x$/);
    const [change] = result.coefficients.filter(({ path }) => path[0] === 'overhead');
    assert.ok(
      lines.some((line) => line.startsWith(`${change?.path.join('.')}: `) && line.endsWith(' tokens')),
    );
    assert.ok(lines.some((line) => /^Phases underestimated: [\d.]+ % → [\d.]+ %$/.test(line)));
    assert.ok(lines.includes('File: /project/estimator.json'));
    assert.match(lines.at(-1) ?? '', /kept beside it/);
  });

  it('stays short, and says what it leaves out', () => {
    const change = { path: ['overhead', 'docs', 'low'], before: 1, after: 2 };
    const many = { ...result, coefficients: Array.from({ length: 40 }, () => change) };
    const lines = applyingDetail('/e.json', many);
    assert.equal(lines.indexOf('and 28 coefficients more, as the page shows'), 12);
  });
});

describe('words after an export', () => {
  const shown = { samples: 30, of: 160, state: 's1' };
  const filter = { ...noFilter, categories: ['docs'] };

  it('say how much is in it, and where its filter is told', () => {
    const exported = { samples: 30, of: 160, state: 's1' };
    assert.equal(exportedWords({ filter: noFilter, shown }, 'x.csv', exported, null), 'Exported to x.csv.');
    assert.equal(
      exportedWords({ filter, shown }, 'x.csv', exported, 'x.csv-metadata.json'),
      'Exported to x.csv: 30 of 160 samples. The filter is saved in x.csv-metadata.json.',
    );
  });

  it('say that the database was written since the page showed it', () => {
    const exported = { samples: 31, of: 161, state: 's2' };
    assert.equal(
      exportedWords({ filter, shown }, 'x.md', exported, null),
      'Exported to x.md: 31 of 161 samples. The database has changed since the page showed 30 of them.',
    );
  });
});
