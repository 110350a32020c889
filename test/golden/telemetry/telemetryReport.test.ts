import { join } from 'node:path';
import { analyseTelemetry } from '../../../src/core/telemetry/analysis/analyseTelemetry.ts';
import { defaultTelemetryOptions as defaults } from '../../../src/core/telemetry/analysis/telemetryAnalysis.ts';
import { renderTelemetryReport } from '../../../src/core/telemetry/report/telemetryReport.ts';
import { assertGolden } from '../../support/golden.ts';
import { sample, samplesOf, samplesOfPhases } from '../../unit/core/telemetry/sampleFixtures.ts';

const golden = (name: string): string => join(import.meta.dirname, name);

describe('telemetry report', () => {
  it('says what to do where there is nothing yet', () => {
    assertGolden(golden('empty.md'), renderTelemetryReport(analyseTelemetry(samplesOf(), defaults)));
  });

  it('says that recorded examples prove nothing', () => {
    const recorded = Array.from({ length: 10 }, (_, index) =>
      sample({ model: 'recorded-example', actual: 700 + 50 * index }),
    );
    const report = renderTelemetryReport(analyseTelemetry(samplesOf(...recorded), defaults));
    assertGolden(golden('synthetic.md'), report);
  });

  it('shows each gate, figure, group and class of a mixed database', () => {
    const mixed = samplesOf(
      ...Array.from({ length: 18 }, (_, index) => sample({ actual: 600 + 25 * index, predicted: 1000 })),
      sample({ category: 'documentation', complexity: 'high', deliverableCount: 6, actual: 2400 }),
      sample({ category: 'testing', truncated: true, predicted: 9000, actual: 8192, deliverableCount: 3 }),
      sample({ category: 'te|sts\nodd', runId: 'gone' }),
      sample({ hasStopReason: false, actual: 41_000 }),
      sample({ success: false }),
      sample({ model: 'recorded-example' }),
    );
    const options = { successOnly: false, stratify: true, underMultiplier: 1.1, includeSynthetic: false };
    assertGolden(golden('mixed.md'), renderTelemetryReport(analyseTelemetry(mixed, options)));
  });

  it('says so when nothing needs tuning', () => {
    const good = Array.from({ length: 24 }, (_, index) => sample({ phaseId: `phase-${index}` }));
    const analysis = analyseTelemetry(samplesOfPhases(...good), defaults);
    assertGolden(golden('good.md'), renderTelemetryReport(analysis));
  });
});
