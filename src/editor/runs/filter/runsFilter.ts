import * as vscode from 'vscode';
import * as z from 'zod';
import { anyPhase, isFiltering, type PhaseFilter } from '../../../core/model/phaseFilter.ts';

const storageKey = 'autopackHygiene.runsFilter';

const names = z.array(z.string());
const stored = z.object({ states: names, text: z.string(), categories: names, complexities: names });

/** Which phases the Runs view shows; kept for the workspace. */
export class RunsFilter implements vscode.Disposable {
  readonly #memento: vscode.Memento;
  readonly #changes = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changes.event;
  #filter: PhaseFilter;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
    const before = stored.safeParse(memento.get(storageKey));
    this.#filter = before.success ? before.data : anyPhase;
  }

  /** `null` where everything is shown. */
  get active(): PhaseFilter | null {
    return isFiltering(this.#filter) ? this.#filter : null;
  }

  /** `null` shows everything. */
  async set(filter: PhaseFilter | null): Promise<void> {
    this.#filter = filter ?? anyPhase;
    this.#changes.fire();
    await this.#memento.update(storageKey, this.active ?? undefined);
  }

  dispose(): void {
    this.#changes.dispose();
  }
}
