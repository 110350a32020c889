import * as vscode from 'vscode';
import type { PhaseKey } from '../../core/model/phase.ts';
import { t } from '../../core/text/l10n.ts';
import { counted } from '../../core/text/quantities.ts';
import { executeCommand, registerCommand, setContext } from '../commands/registerCommand.ts';
import type { RunTarget } from '../ids.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';

/** A row with a box to tick: a run stands for all of its phases. */
type CheckableRow =
  | ({ readonly kind: 'run'; readonly id: string } & RunTarget)
  | ({ readonly kind: 'phase'; readonly id: string } & PhaseKey);

/** The runs and phases that are ticked in the Runs view, to be drained or queued again together. */
export class CheckedRows implements vscode.Disposable {
  readonly #store = new DisposableStore();
  readonly #changes = this.#store.add(new vscode.EventEmitter<void>());
  /** Fires when boxes come or go, and when others are ticked. */
  readonly onDidChange = this.#changes.event;
  readonly #checked = new Map<string, RunTarget | PhaseKey>();
  #isOn = false;

  constructor() {
    this.#publish();
  }

  /** Whether the rows have boxes. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /** What is ticked, a phase of a ticked run only with its run. */
  get targets(): readonly (RunTarget | PhaseKey)[] {
    const all = [...this.#checked.values()];
    const runs = new Set(all.flatMap((each) => ('phaseId' in each ? [] : [each.runId])));
    return all.filter((each) => !('phaseId' in each) || !runs.has(each.runId));
  }

  /** What is ticked, in words; empty where nothing is. */
  get label(): string {
    const phases = this.targets.filter((each) => 'phaseId' in each).length;
    const runs = this.targets.length - phases;
    if (runs > 0 && phases > 0) return t`${counted(runs, 'run')} and ${counted(phases, 'phase')} checked`;
    if (runs > 0) return t`${counted(runs, 'run')} checked`;
    return phases > 0 ? t`${counted(phases, 'phase')} checked` : '';
  }

  /** The box of a row; `undefined` where it has none. */
  stateOf(row: {
    readonly kind: string;
    readonly id: string;
    readonly runId?: string;
  }): vscode.TreeItem['checkboxState'] {
    if (!this.#isOn || (row.kind !== 'run' && row.kind !== 'phase')) return undefined;
    const isChecked =
      this.#checked.has(row.id) || (row.kind === 'phase' && this.#checked.has(runRowId(row.runId)));
    const { Checked, Unchecked } = vscode.TreeItemCheckboxState;
    return isChecked ? Checked : Unchecked;
  }

  /** Takes what a person ticked; of a ticked run, a phase alone cannot be left out: its run goes, and the others of it stay. */
  note(
    rows: readonly (readonly [row: unknown, isChecked: boolean])[],
    phasesOf: (runId: string) => readonly CheckableRow[],
  ): void {
    for (const [row, isChecked] of rows) {
      if (!isCheckable(row)) continue;
      if (isChecked) {
        this.#checked.set(row.id, targetOf(row));
        continue;
      }
      this.#checked.delete(row.id);
      if (row.kind === 'phase' && this.#checked.delete(runRowId(row.runId))) {
        for (const other of phasesOf(row.runId))
          if (other.id !== row.id) this.#checked.set(other.id, targetOf(other));
      }
    }
    this.#publish();
  }

  set(isOn: boolean): void {
    this.#isOn = isOn;
    this.#checked.clear();
    this.#publish();
  }

  /** To be called when other rows are shown. */
  clear(): void {
    if (this.#checked.size === 0) return;
    this.#checked.clear();
    this.#publish();
  }

  dispose(): void {
    this.#store.dispose();
  }

  #publish(): void {
    setContext('checkboxes', this.#isOn);
    setContext('rowsChecked', this.#checked.size > 0);
    this.#changes.fire();
  }
}

function runRowId(runId: string | undefined): string {
  return JSON.stringify(['run', runId]);
}

function isCheckable(row: unknown): row is CheckableRow {
  return (
    typeof row === 'object' && row !== null && 'kind' in row && (row.kind === 'run' || row.kind === 'phase')
  );
}

function targetOf(row: CheckableRow): RunTarget | PhaseKey {
  return row.kind === 'run' ? { runId: row.runId } : { runId: row.runId, phaseId: row.phaseId };
}

/** The commands of the boxes. */
export function registerCheckedRows(checked: CheckedRows, errors: ErrorReporter): DisposableStore {
  const store = new DisposableStore();
  store.add(registerCommand('showCheckboxes', errors, () => checked.set(true)));
  store.add(registerCommand('hideCheckboxes', errors, () => checked.set(false)));
  store.add(
    registerCommand('drainChecked', errors, () => {
      const [first, ...others] = checked.targets;
      return first === undefined ? undefined : executeCommand('drainSelected', first, [first, ...others]);
    }),
  );
  store.add(
    registerCommand('requeueChecked', errors, () => executeCommand('requeueSelected', checked.targets)),
  );
  return store;
}
