import { styleText } from 'node:util';
import type { State } from '../core/model/state.ts';

/** What `--color` takes. */
export const colorChoices = ['auto', 'always', 'never'] as const;

/** When output is colored. */
export type ColorChoice = (typeof colorChoices)[number];

/** How a part of the output looks where it is colored; the terminal's palette decides what that is. */
export type Style =
  | 'bold'
  | 'dim'
  | 'red'
  | 'green'
  | 'yellow'
  | 'blue'
  | 'cyan'
  | 'magenta'
  | readonly Exclude<Style, object>[];

/**
 * Whether to color what goes to a stream: what `--color` says, else `NO_COLOR` and `FORCE_COLOR`, else whether it is a
 * terminal that can. https://no-color.org, https://force-color.org
 */
export function usesColor(
  choice: ColorChoice,
  { NO_COLOR, FORCE_COLOR, TERM }: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (choice !== 'auto') return choice === 'always';
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return !['0', 'false'].includes(FORCE_COLOR);
  return isTerminal && TERM !== 'dumb';
}

/** Text that is safe to show, in a style. */
export function paint(text: string, style: Style): string {
  return styleText(typeof style === 'string' ? style : [...style], text, { validateStream: false });
}

const byState: Readonly<Record<State, Style>> = {
  EXECUTING: 'blue',
  IN_PROGRESS: 'blue',
  PHASE_EXECUTION: 'blue',
  CI_RUNNING: 'blue',
  SNAPSHOT_CREATED: 'blue',
  GATE: 'yellow',
  COMPLETE: 'green',
  DONE_SUCCESS: 'green',
  FAILED: 'red',
  SKIPPED: 'dim',
  // It waits for a person, which is no failure.
  DONE_FAILED_REQUIRES_HUMAN_REVIEW: 'yellow',
};

/** The style of a run's or a phase's state, as in the editor; what waits to begin looks like any text. */
export function stateStyle(state: State): Style | undefined {
  return Object.hasOwn(byState, state) ? byState[state] : state.startsWith('DONE_FAILED') ? 'red' : undefined;
}
