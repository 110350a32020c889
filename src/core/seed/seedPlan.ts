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
