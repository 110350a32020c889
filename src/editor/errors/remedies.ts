import type { ErrorCode } from '../../core/errors.ts';
import type { CommandName } from '../ids.ts';

/** A button under a message: its title, and the command of ours or of VS Code that it runs. */
export interface Remedy {
  readonly title: string;
  /** It leads to a write into the selected database, and holds for that one alone. */
  readonly writes?: boolean;
  readonly command:
    | { readonly kind: 'ours'; readonly name: CommandName }
    | { readonly kind: 'editor'; readonly id: string; readonly args: readonly unknown[] };
}

const ours = (title: string, name: CommandName): Remedy => ({ title, command: { kind: 'ours', name } });
const selectDatabase = ours('Select Database', 'selectDatabase');
const checkIdentity = ours('Check Identity', 'checkIdentity');
const showIssues = ours('Show Issues', 'showDrift');
const refresh = ours('Try Again', 'refresh');
const openSetting = (title: string, setting: string): Remedy => ({
  title,
  command: { kind: 'editor', id: 'workbench.action.openSettings', args: [setting] },
});

/** The button for what was not meant to happen. */
export const showLog = ours('Show Log', 'showLog');

const remedies: Readonly<Partial<Record<ErrorCode, Remedy>>> = {
  'no-database': selectDatabase,
  'not-found': selectDatabase,
  'not-a-file': selectDatabase,
  'not-sqlite': selectDatabase,
  'not-autopack': selectDatabase,
  corrupt: selectDatabase,
  'invalid-url': selectDatabase,
  replaced: checkIdentity,
  changed: checkIdentity,
  'wrong-role': ours('Create Telemetry Seed Database', 'createSeedDatabase'),
  'not-adopted': { ...ours('Adopt Database', 'adoptDatabase'), writes: true },
  'other-database': showIssues,
  'which-file': showIssues,
  'unreadable-pins': showIssues,
  'empty-database': { ...ours('Seed Telemetry Run', 'seedRun'), writes: true },
  'no-telemetry-table': checkIdentity,
  'unknown-run': refresh,
  'unknown-phase': refresh,
  busy: refresh,
  'no-interpreter': openSetting('Choose Interpreter', 'autopackHygiene.pythonInterpreter'),
  'no-executor': openSetting('Choose Executor', 'autopackHygiene.drain.executor'),
  'untrusted-workspace': {
    title: 'Manage Workspace Trust',
    command: { kind: 'editor', id: 'workbench.trust.manage', args: [] },
  },
};

/** The button that takes the next step of an error, if one command can. */
export function remedyFor(code: ErrorCode): Remedy | undefined {
  return remedies[code];
}
