/** A host that cannot be had here, in plain words: what is missing, and the next step to take. */
export class HostProblem extends Error {
  readonly nextStep: string;

  constructor(what: string, nextStep: string) {
    super(what);
    this.name = 'HostProblem';
    this.nextStep = nextStep;
  }
}

/** What to print when something ended a command: plain words for the known, a stack for a defect. */
export function describeFailure(error: unknown): string {
  if (error instanceof HostProblem) return `${error.message}\n  What to do: ${error.nextStep}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
