import type { TableCounts } from '../model/databaseFacts.ts';
import { t } from '../text/l10n.ts';
import { counted } from '../text/quantities.ts';

/** A phase to be seeded. Paths are relative to the repository root. */
export interface PlannedPhase {
  readonly phaseId: string;
  readonly name: string;
  readonly description: string;
  readonly category: string;
  readonly complexity: 'low' | 'medium' | 'high';
  readonly readOnlyContext: readonly string[];
  readonly deliverables: readonly string[];
}

/** A run to be seeded, with its one tier and its phases in order. Caps are in tokens where they do not say otherwise. */
export interface SeedPlan {
  readonly runId: string;
  readonly tokenCap: number;
  readonly maxPhases: number;
  readonly maxDurationMinutes: number;
  readonly tier: {
    readonly tierId: string;
    readonly name: string;
    readonly description: string;
    /** In CI runs. */
    readonly ciRunCap: number;
  };
  /** The folders every phase may work in. */
  readonly paths: readonly string[];
  readonly maxBuilderAttempts: number;
  readonly maxAuditorAttempts: number;
  readonly incidentTokenCap: number;
  readonly phases: readonly PlannedPhase[];
}

/** What seeding would mix up in a database that is no telemetry seed, as a sentence. */
export function mixingText(
  { runs, phases, tokenEstimationEvents }: TableCounts,
  { phases: planned }: Pick<SeedPlan, 'phases'>,
): string {
  const there = [
    counted(runs ?? 0, 'run'),
    counted(phases ?? 0, 'phase'),
    counted(tokenEstimationEvents ?? 0, 'telemetry event'),
  ].join(', ');
  return t`${counted(planned.length, 'made-up phase')} and their telemetry would mix with what is there: ${there}.`;
}
