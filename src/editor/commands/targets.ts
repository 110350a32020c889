import { z } from 'zod';
import { UserFacingError } from '../../core/errors.ts';
import type { PhaseKey } from '../../core/model/phase.ts';
import type { RunTarget } from '../ids.ts';

const run = z.object({ runId: z.string().min(1) });
const phase = run.extend({ phaseId: z.string().min(1) });

/** The run a command was called on: a row of the view, or the argument of a link. Fails with `invalid-argument`. */
export function runTarget(argument: unknown): RunTarget {
  return parse(run, argument, 'run');
}

/** The phase a command was called on. Fails with `invalid-argument`. */
export function phaseTarget(argument: unknown): PhaseKey {
  return parse(phase, argument, 'phase');
}

/** The id of what a command was called on: of the phase if it is one, else of the run. */
export function idOfTarget(argument: unknown): string {
  const asPhase = phase.safeParse(argument);
  return asPhase.success ? asPhase.data.phaseId : runTarget(argument).runId;
}

function parse<T>(type: z.ZodType<T>, argument: unknown, what: string): T {
  const parsed = type.safeParse(argument);
  if (parsed.success) return parsed.data;
  throw new UserFacingError(
    'invalid-argument',
    `No ${what} was given.`,
    `Choose a ${what} in the Runs view and run the command from its menu.`,
  );
}
