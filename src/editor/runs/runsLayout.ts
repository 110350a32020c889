import * as vscode from 'vscode';
import * as z from 'zod';
import { lazily } from '../../core/lazily.ts';
import type { RunSummary } from '../../core/model/run.ts';
import { t } from '../../core/text/l10n.ts';
import { registerCommand } from '../commands/registerCommand.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { safeWindow } from '../window/safeWindow.ts';

const key = 'runsLayout';
const stored = lazily(() =>
  z.object({
    groupBy: z.enum(['run', 'state', 'failure']),
    sortBy: z.enum(['date', 'name', 'failures', 'tokens']),
  }),
);

/** How the Runs view arranges what it shows. */
export type Layout = Readonly<z.output<ReturnType<typeof stored>>>;

const usual: Layout = { groupBy: 'run', sortBy: 'date' };

/** How the Runs view is arranged; kept for the workspace. */
export class RunsLayout implements vscode.Disposable {
  readonly #memento: vscode.Memento;
  readonly #changes = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changes.event;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  get current(): Layout {
    return stored().safeParse(this.#memento.get(key)).data ?? usual;
  }

  async set(change: Partial<Layout>): Promise<void> {
    await this.#memento.update(key, { ...this.current, ...change });
    this.#changes.fire();
  }

  dispose(): void {
    this.#changes.dispose();
  }
}

/** Runs in the order that is wanted; those that come are newest first, and stay so among equals. */
export function sortRuns<T>(
  runs: readonly T[],
  sortBy: Layout['sortBy'],
  runOf: (each: T) => RunSummary,
): readonly T[] {
  const by = comparators[sortBy];
  return by === null ? runs : runs.toSorted((a, b) => by(runOf(a), runOf(b)));
}

let collator: Intl.Collator | undefined;
/** Made with its first use, which takes as long as all of our modules of this view. */
const collate = (a: string, b: string): number =>
  (collator ??= new Intl.Collator('en', { numeric: true, sensitivity: 'base' })).compare(a, b);

const comparators: Readonly<Record<Layout['sortBy'], ((a: RunSummary, b: RunSummary) => number) | null>> = {
  date: null,
  name: (a, b) => collate(a.id, b.id),
  failures: (a, b) => (b.phaseStates.FAILED ?? 0) - (a.phaseStates.FAILED ?? 0),
  tokens: (a, b) => (b.tokensUsed ?? 0) - (a.tokensUsed ?? 0),
};

interface LayoutItem extends vscode.QuickPickItem {
  readonly change?: Partial<Layout>;
}

const groups = (): readonly (readonly [Layout['groupBy'], string, string])[] => [
  ['run', t`Run`, t`each run with its tiers and phases`],
  ['state', t`State`, t`phases of all runs by their state`],
  ['failure', t`Failure`, t`failed phases of all runs by why they failed`],
];

const orders = (): readonly (readonly [Layout['sortBy'], string, string])[] => [
  ['date', t`Date`, t`newest first`],
  ['name', t`Name`, t`A to Z`],
  ['failures', t`Failures`, t`most failed phases first`],
  ['tokens', t`Tokens`, t`most tokens used first`],
];

/** Choosing how the Runs view is arranged. */
export function registerRunsLayout(layout: RunsLayout, errors: ErrorReporter): DisposableStore {
  const store = new DisposableStore();
  store.add(
    registerCommand('arrangeRuns', errors, async () => {
      const picked = await safeWindow.showQuickPick(itemsOf(layout.current), {
        title: t`Group and Sort Runs`,
        placeHolder: t`How do you want to see the runs?`,
      });
      if (picked?.change !== undefined) await layout.set(picked.change);
    }),
  );
  return store;
}

function itemsOf(now: Layout): LayoutItem[] {
  const separator = (label: string): LayoutItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const item = (isNow: boolean, label: string, description: string, change: Partial<Layout>): LayoutItem => ({
    label: `$(${isNow ? 'check' : 'blank'}) ${label}`,
    description,
    change,
  });
  return [
    separator(t`Group by`),
    ...groups().map(([groupBy, label, text]) => item(now.groupBy === groupBy, label, text, { groupBy })),
    separator(t`Sort runs by`),
    ...orders().map(([sortBy, label, text]) => item(now.sortBy === sortBy, label, text, { sortBy })),
  ];
}
