import { dirname, join } from 'node:path';
import { analyseTelemetry } from '../../../src/core/telemetry/analysis/analyseTelemetry.ts';
import { withLogs } from '../../../src/core/telemetry/logs/reconcileLogs.ts';
import { defaultTelemetryOptions as defaults } from '../../../src/core/telemetry/analysis/telemetryAnalysis.ts';
import { renderTelemetryReport } from '../../../src/core/telemetry/report/telemetryReport.ts';
import { readLogFolder } from '../../../src/node/telemetry/readLogFolder.ts';
import { logSources } from '../../support/data/dataSources.ts';
import { assertGolden } from '../../support/golden.ts';

/**
 * The reports of generated logs are recorded; the samples in them are held against the generator's own by the tests of the
 * reader. The figures in the reports of real logs were computed once by another program: Python's `re` and `statistics`,
 * quantiles of type 2. 23 lines: 5 of the first format; of the second 5 failed and 13 succeeded.
 */
describe('report of whole logs', () => {
  const sources = logSources();
  const golden = (isReal: boolean, name: string): string =>
    join(import.meta.dirname, isReal ? '.' : 'generated', name.replace(/\.(log|txt)$/, '.md'));

  for (const { name, isReal, path } of sources) {
    it(`tells what ${name} holds`, async () => {
      const all = await readLogFolder(dirname(path));
      const { samples, facts } = withLogs(
        null,
        all.filter((log) => log.name === name),
      );
      const analysis = analyseTelemetry(samples, { ...defaults, successOnly: false });
      const report = renderTelemetryReport(analysis, { logs: facts });
      assertGolden(golden(isReal, name), report);
    });
  }

  for (const { isReal, path } of sources.filter(({ isReal }, at) => sources[at - 1]?.isReal !== isReal)) {
    it(`tells what all ${isReal ? 'real' : 'generated'} ones hold together, successful phases only`, async () => {
      const { samples, facts } = withLogs(null, await readLogFolder(dirname(path)));
      const report = renderTelemetryReport(analyseTelemetry(samples, defaults), { logs: facts });
      assertGolden(golden(isReal, 'all-logs.md'), report);
    });
  }
});
