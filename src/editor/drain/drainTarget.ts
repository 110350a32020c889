import type { PhaseKey } from '../../core/model/phase.ts';
import type { DrainRequest } from '../../core/drain/drainOptions.ts';

/** What is to be drained: a batch from the whole database, one run, or one phase. */
export type DrainTarget =
  | { readonly kind: 'batch' }
  | { readonly kind: 'run'; readonly runId: string }
  | ({ readonly kind: 'phase' } & PhaseKey);

/** The target in words, as it stands in a question: `the run telemetry-collection-v4`. */
export function targetLabel(target: DrainTarget): string {
  switch (target.kind) {
    case 'batch':
      return 'the database';
    case 'run':
      return `the run ${target.runId}`;
    case 'phase':
      return `the phase ${target.phaseId} of ${target.runId}`;
  }
}

/** The target as options of a drain. */
export function targetOptions(target: DrainTarget): DrainRequest {
  switch (target.kind) {
    case 'batch':
      return {};
    case 'run':
      return { runId: target.runId };
    case 'phase':
      return { phaseKeys: [{ runId: target.runId, phaseId: target.phaseId }] };
  }
}
