import { join } from 'node:path';
import { calibrate } from '../../../src/core/telemetry/calibration/calibrate.ts';
import { calibrationFile } from '../../../src/core/telemetry/calibration/calibrationFile.ts';
import { renderCalibrationReport } from '../../../src/core/telemetry/calibration/calibrationReport.ts';
import { assertGolden } from '../../support/golden.ts';
import { seededKinds, simulatedSamples } from '../../unit/core/telemetry/calibration/simulatedSamples.ts';

const golden = (name: string): string => join(import.meta.dirname, name);
const origin = {
  databaseUrl: 'sqlite:////data/autopack_telemetry_seed.db',
  generatedAt: Date.UTC(2026, 0, 9, 12),
  estimator: null,
};
const proposed = calibrate(
  simulatedSamples({
    kinds: seededKinds,
    phases: 80,
    but: (number) => (number === 7 ? { truncated: true } : {}),
  }),
);
const withheld = calibrate(simulatedSamples({ kinds: seededKinds, phases: 10, samplesPerPhase: 2 }));

/** Figures to six digits, so that the last ones of another processor's arithmetic do not matter. */
function rounded(content: unknown): string {
  const round = (_: string, value: unknown): unknown =>
    typeof value === 'number' ? Number(value.toPrecision(6)) : value;
  return `${JSON.stringify(content, round, 2)}\n`;
}

describe('calibration report', () => {
  it('shows a proposal', () => {
    assertGolden(golden('proposed.md'), renderCalibrationReport(proposed));
    assertGolden(golden('proposed.json'), rounded(withoutCurves(calibrationFile(proposed, origin))));
  });

  it('says why it is withheld, and then proposes nothing', () => {
    assertGolden(golden('withheld.md'), renderCalibrationReport(withheld));
    assertGolden(golden('withheld.json'), rounded(withoutCurves(calibrationFile(withheld, origin))));
  });

  it('says so where there is no sample', () => {
    const empty = calibrate(simulatedSamples({ kinds: seededKinds, phases: 0 }));
    assertGolden(golden('empty.md'), renderCalibrationReport(empty));
  });
});

/** Curves of 50 steps each fill the file and say little to a reader. */
function withoutCurves(content: unknown): unknown {
  return JSON.parse(
    JSON.stringify(content, (key: string, value: unknown) =>
      key === 'curve' && Array.isArray(value) ? `${value.length} steps` : value,
    ),
  );
}
