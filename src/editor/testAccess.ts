import type { SelectedDatabase } from './database/selectedDatabase.ts';
import type { DrainsTree } from './drains/drainsTree.ts';
import type { FailuresTree } from './failures/failuresTree.ts';
import type { RunsFilter } from './runs/runsFilter.ts';
import type { RunsTree } from './runs/runsTree.ts';

/** What the integration tests reach into. An installed extension gives it to nobody. */
export interface TestAccess {
  readonly selected: SelectedDatabase;
  readonly filter: RunsFilter;
  readonly tree: RunsTree;
  readonly drains: DrainsTree;
  readonly failures: FailuresTree;
}
