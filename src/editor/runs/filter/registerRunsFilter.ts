import { anyPhase, isFiltering } from '../../../core/model/phaseFilter.ts';
import type { DatabaseReader } from '../../../protocol/readerProtocol.ts';
import { registerCommand } from '../../commands/registerCommand.ts';
import { setContext } from '../../commands/setContext.ts';
import type { SelectedDatabase } from '../../database/selectedDatabase.ts';
import { DisposableStore } from '../../disposableStore.ts';
import type { ErrorReporter } from '../../errors/errorReporter.ts';
import { askFilter } from './askFilter.ts';
import type { RunsFilter } from './runsFilter.ts';

/** What filtering needs. */
export interface RunsFilterDeps {
  readonly filter: RunsFilter;
  readonly reader: DatabaseReader;
  readonly selected: SelectedDatabase;
  readonly errors: ErrorReporter;
}

/** Choosing, changing and clearing the filter of the Runs view. */
export function registerRunsFilter({ filter, reader, selected, errors }: RunsFilterDeps): DisposableStore {
  const store = new DisposableStore();
  const tellMenus = (): void => setContext('filtered', filter.active !== null);
  const change = async (): Promise<void> => {
    const path = selected.requirePath();
    const asked = await askFilter(filter.active ?? anyPhase, async () => {
      const { value } = await reader.ask(path, 'phaseKinds', null);
      return value;
    });
    if (asked !== undefined) await filter.set(isFiltering(asked) ? asked : null);
  };
  store.add(filter.onDidChange(tellMenus));
  store.add(registerCommand('filterRuns', errors, change));
  store.add(registerCommand('changeRunsFilter', errors, change));
  store.add(registerCommand('clearRunsFilter', errors, () => filter.set(null)));
  tellMenus();
  return store;
}
