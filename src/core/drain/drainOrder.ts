import type { DrainRequest } from './drainOptions.ts';
import type { DrainTarget } from './drainPorts.ts';
import type { PauseGate } from './pauseGate.ts';

/** What a drain is to do. */
export interface DrainOrder {
  readonly request: DrainRequest;
  readonly target: DrainTarget;
  /** The session to go on with; its options hold where the request says nothing. A new one without it. */
  readonly resume?: string | undefined;
  /** What a person should know before, for the summary's warnings. */
  readonly notes?: readonly string[];
  /** Closed, it keeps the drain from starting another phase until it is opened. */
  readonly gate?: PauseGate;
}
