import type { SelectedDatabase } from './database/selectedDatabase.ts';
import type { RunsTree } from './runs/runsTree.ts';

/** What the integration tests reach into; no API for other extensions. */
export interface ExtensionApi {
  readonly selected: SelectedDatabase;
  readonly tree: RunsTree;
}
