import * as vscode from 'vscode';
import type { RunSummary } from '../../core/model/run.ts';
import type { State } from '../../core/model/state.ts';

/** Green is the charts': that of passed tests is hardly seen on white. */
const byState: Readonly<Record<State, readonly [icon: string, color: string]>> = {
  QUEUED: ['circle-large-outline', 'testing.iconQueued'],
  PENDING: ['circle-large-outline', 'testing.iconQueued'],
  PLAN_BOOTSTRAP: ['circle-large-outline', 'testing.iconQueued'],
  RUN_CREATED: ['circle-large-outline', 'testing.iconQueued'],
  PHASE_QUEUEING: ['circle-large-outline', 'testing.iconQueued'],
  EXECUTING: ['play-circle', 'charts.blue'],
  IN_PROGRESS: ['play-circle', 'charts.blue'],
  PHASE_EXECUTION: ['play-circle', 'charts.blue'],
  CI_RUNNING: ['beaker', 'charts.blue'],
  GATE: ['shield', 'charts.yellow'],
  SNAPSHOT_CREATED: ['archive', 'charts.blue'],
  COMPLETE: ['pass', 'charts.green'],
  DONE_SUCCESS: ['pass', 'charts.green'],
  FAILED: ['error', 'testing.iconFailed'],
  SKIPPED: ['circle-slash', 'testing.iconSkipped'],
  DONE_FAILED_REQUIRES_HUMAN_REVIEW: ['person', 'charts.yellow'],
};

/** The icon of a run: that of work under way only while one of its phases is. */
export function runIcon({ state, phaseStates }: Pick<RunSummary, 'state' | 'phaseStates'>): vscode.ThemeIcon {
  const isAtWork = ['EXECUTING', 'GATE', 'CI_RUNNING'].some((each) => (phaseStates[each] ?? 0) > 0);
  return state === 'PHASE_EXECUTION' && !isAtWork
    ? new vscode.ThemeIcon('circle-large-outline', new vscode.ThemeColor('charts.blue'))
    : stateIcon(state);
}

/** The themed icon of a run's, tier's or phase's state. */
export function stateIcon(state: State): vscode.ThemeIcon {
  const fallback = state.startsWith('DONE_FAILED')
    ? (['error', 'testing.iconFailed'] as const)
    : (['question', 'testing.iconUnset'] as const);
  const [icon, color] = byState[state] ?? fallback;
  return new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
}
