import type { TelemetrySamples } from '../../../src/core/telemetry/telemetrySamples.ts';
import type { TelemetryHostBody, TelemetryPageMessage } from '../../../src/protocol/telemetryProtocol.ts';
import { viewOf } from './viewOf.ts';

/** The database that example figures stand under. */
export const exampleDatabase = { fileName: 'seed.db', path: '/project/seed.db', role: 'seed' } as const;

/** A host that analyses real samples, and knows no phase. */
export function exampleHost(
  samples: TelemetrySamples,
): (message: TelemetryPageMessage) => TelemetryHostBody | null {
  return (message) => {
    if (message.kind === 'analyse') {
      const { request, options, filter } = message;
      const view = viewOf(samples, options, filter);
      return { kind: 'report', request, database: exampleDatabase, view, warnings: [] };
    }
    const error = {
      code: 'unknown-phase',
      message: 'There is no such phase.',
      nextStep: 'Refresh.',
    } as const;
    return message.kind === 'openPhase' ? { kind: 'action-failed', error } : null;
  };
}
