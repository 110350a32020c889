import * as vscode from 'vscode';
import { CancelledError } from '../../core/errors.ts';
import type { FoundPhase, FoundPhases } from '../../core/queries/searchPhases.ts';
import { t } from '../../core/text/l10n.ts';
import { formatCount } from '../../core/text/quantities.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { executeCommand, type CommandHandlers } from '../commands/registerCommand.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { safePickItem } from '../window/safeTreeItem.ts';
import { stateLabel } from '../window/labels.ts';

/** What finding a phase needs. */
export interface FindPhaseDeps {
  readonly reader: DatabaseReader;
  readonly selected: SelectedDatabase;
  readonly errors: ErrorReporter;
}

/** Rows of the list: whoever does not find theirs among them types more. */
const mostRows = 100;

/** Find Phase: by any text of it, while it is typed. */
export function findPhaseCommand({ reader, selected, errors }: FindPhaseDeps): CommandHandlers<'findPhase'> {
  return {
    findPhase: async () => {
      const path = selected.requirePath();
      const found = await pickPhase((text, signal) => search(reader, path, text, signal), errors);
      if (found === undefined) return;
      const { runId, phaseId } = found;
      await executeCommand('showInRuns', { runId, phaseId });
      await executeCommand('showPhase', { runId, phaseId });
    },
  };
}

async function search(
  reader: DatabaseReader,
  path: string,
  text: string,
  signal: AbortSignal,
): Promise<FoundPhases> {
  return (await reader.request(path, 'searchPhases', { text, limit: mostRows }, signal)).value;
}

interface FoundItem extends vscode.QuickPickItem {
  readonly found?: FoundPhase;
}

type Search = (text: string, signal: AbortSignal) => Promise<FoundPhases>;

/** `undefined` when the user leaves it. */
async function pickPhase(searchFor: Search, errors: ErrorReporter): Promise<FoundPhase | undefined> {
  const store = new DisposableStore();
  const pick = store.add(vscode.window.createQuickPick<FoundItem>());
  pick.title = t`Find Phase`;
  pick.placeholder = t`Type any text of a phase: id, name, run, task, reason, file…`;
  let scope = new AbortController();
  const look = async (text: string): Promise<void> => {
    scope.abort();
    scope = new AbortController();
    const { signal } = scope;
    pick.busy = true;
    try {
      const found = await searchFor(text, signal);
      if (signal.aborted) return;
      pick.items = text.trim() === '' ? [] : itemsOf(found);
    } catch (error) {
      if (signal.aborted || error instanceof CancelledError) return;
      errors.report(error);
      pick.hide();
    }
    pick.busy = false;
  };
  const chosen = await new Promise<FoundPhase | undefined>((resolve) => {
    store.add(pick.onDidChangeValue((text) => void look(text)));
    store.add(
      pick.onDidAccept(() => {
        const [item] = pick.selectedItems;
        if (item?.found === undefined) return;
        resolve(item.found);
        pick.hide();
      }),
    );
    store.add(pick.onDidHide(() => resolve(undefined)));
    pick.show();
    // Reads the texts before anything is typed.
    void look('');
  });
  scope.abort();
  store.dispose();
  return chosen;
}

/** What the search found is shown whatever the editor would match. */
function itemsOf({ phases, total }: FoundPhases): FoundItem[] {
  if (total === 0) return [{ label: t`No phase has this text.`, alwaysShow: true }];
  const items = phases.map((found) => {
    const { phaseId, name, runId, state, failureReason } = found;
    return safePickItem({
      found,
      label: phaseId,
      description: [stateLabel(state), runId, ...(name === phaseId ? [] : [name])].join(' · '),
      ...(failureReason === null ? {} : { detail: failureReason.replaceAll(/\s+/g, ' ') }),
      alwaysShow: true,
    });
  });
  const hidden = total - phases.length;
  return hidden === 0
    ? items
    : [...items, { label: t`${formatCount(hidden)} more: type on to narrow them`, alwaysShow: true }];
}
