import { basename } from 'node:path';
import type { TelemetryDatabase } from '../../protocol/telemetryProtocol.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';

/** The selected database as a page shows it; `null` while its role is not known. */
export function shownDatabase({ state }: SelectedDatabase): TelemetryDatabase | null {
  return state.kind === 'ready'
    ? { fileName: basename(state.path), path: state.path, role: state.facts.role }
    : null;
}

/** The same, read anew. Rejects as the reader does. */
export async function readShownDatabase(
  selected: SelectedDatabase,
  signal: AbortSignal,
): Promise<TelemetryDatabase> {
  const { path, role } = await selected.readFacts(signal);
  return { fileName: basename(path), path, role };
}
