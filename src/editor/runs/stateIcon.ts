import * as vscode from 'vscode';
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
};

/** The themed icon of a run's, tier's or phase's state. */
export function stateIcon(state: State): vscode.ThemeIcon {
  const fallback = state.startsWith('DONE_FAILED')
    ? (['error', 'testing.iconFailed'] as const)
    : (['question', 'testing.iconUnset'] as const);
  const [icon, color] = byState[state] ?? fallback;
  return new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
}
