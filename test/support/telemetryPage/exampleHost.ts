import { seededKinds, simulatedSamples } from '../../unit/core/telemetry/calibration/simulatedSamples.ts';
import { calibrate } from '../../../src/core/telemetry/calibration/calibrate.ts';
import { telemetryCoverage } from '../../../src/core/telemetry/analysis/coverage.ts';
import type { TelemetrySamples } from '../../../src/core/telemetry/samples/telemetrySamples.ts';
import type {
  PageCalibration,
  TelemetryHostBody,
  TelemetryPageMessage,
} from '../../../src/protocol/telemetryProtocol.ts';
import { modelFigures } from '../../../src/core/telemetry/page/modelFigures.ts';
import { viewOf } from './viewOf.ts';

/** The database that example figures stand under. */
export const exampleDatabase = {
  fileName: 'seed.db',
  path: '/project/seed.db',
  role: 'seed',
  id: 'an-id',
} as const;

function calibrated(samples: TelemetrySamples): PageCalibration {
  // One in twelve of the example's calls is cut off, so that it bears no proposal; the pages that show one need another.
  const own = samples.count < 100 ? samples : simulatedSamples({ kinds: seededKinds, phases: 50 });
  return { result: calibrate(own, {}), estimator: null, trusted: true };
}

/** A host that analyses real samples, and knows no phase. */
export function exampleHost(
  samples: TelemetrySamples,
): (message: TelemetryPageMessage) => readonly TelemetryHostBody[] {
  const state = `${samples.count}`;
  return (message) => {
    switch (message.kind) {
      case 'analyse': {
        const { request, options, filter, compared } = message;
        const view = viewOf(samples, options, filter, undefined, compared);
        const coverage = telemetryCoverage(samples, []);
        return [
          { kind: 'report', request, database: exampleDatabase, state, view, warnings: [] },
          { kind: 'coverage', state, outcome: { kind: 'known', value: coverage } },
          {
            kind: 'models',
            request,
            outcome: { kind: 'known', value: modelFigures(samples, { options, filter }) },
          },
        ];
      }
      case 'calibrate':
        return [{ kind: 'calibration', state, outcome: { kind: 'known', value: calibrated(samples) } }];
      case 'applyProposal':
        return [{ kind: 'applied', state, estimator: '/project/e.json', kept: '/project/e.json.bak' }];
      case 'writeProposal':
      case 'chooseEstimator':
      case 'openPhase': {
        const error = {
          code: 'unknown-phase',
          message: 'There is no such phase.',
          nextStep: 'Refresh.',
        } as const;
        return [{ kind: 'action-failed', error }];
      }
      case 'revealed':
      case 'runAction':
      case 'export':
      case 'savePicture':
      case 'page-failed':
        return [];
    }
  };
}
