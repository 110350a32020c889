import * as vscode from 'vscode';
import * as z from 'zod';
import { lazily } from '../../core/lazily.ts';
import { UserFacingError } from '../../core/errors.ts';
import type { PhaseKey } from '../../core/model/phase.ts';
import { t } from '../../core/text/l10n.ts';
import { databaseName } from '../../core/db/databaseName.ts';
import { documentSchemes, type RunTarget } from '../ids.ts';

const query = lazily(() =>
  z.object({ database: z.string(), runId: z.string(), phaseId: z.string().optional() }),
);

/** Which run, or phase of it, of which database (an absolute path) a document shows. */
export type RowAddress<T extends RunTarget | PhaseKey = RunTarget | PhaseKey> = T & {
  readonly database: string;
};

/** The address of the document of a phase; the end of its path is what the tab shows. */
export function phaseUri({ database, runId, phaseId }: RowAddress<PhaseKey>): vscode.Uri {
  return vscode.Uri.from({
    scheme: documentSchemes.phase,
    path: `/${pathPart(runId)}/${pathPart(phaseId)}`,
    query: JSON.stringify({ database, runId, phaseId }),
  });
}

/** The same of a run. */
export function runUri({ database, runId }: RowAddress<RunTarget>): vscode.Uri {
  return vscode.Uri.from({
    scheme: documentSchemes.run,
    path: `/${pathPart(runId)}`,
    query: JSON.stringify({ database, runId }),
  });
}

/** The inverse of {@link phaseUri} and {@link runUri}. */
export function rowAddress(uri: vscode.Uri): RowAddress {
  const { database, runId, phaseId } = query().parse(JSON.parse(uri.query));
  return phaseId === undefined ? { database, runId } : { database, runId, phaseId };
}

/** Whether a document is that of a phase or a run. */
function isRowDocument({ scheme }: vscode.Uri): boolean {
  return scheme === documentSchemes.phase || scheme === documentSchemes.run;
}

/**
 * What a command was called on, where that may be the document of a phase or run: a button in its title hands over its
 * address. Fails with `changed` where the document is of another database than the selected one (an absolute path).
 */
export function targetInSelected(argument: unknown, selected: string | undefined): unknown {
  if (!(argument instanceof vscode.Uri) || !isRowDocument(argument)) return argument;
  const address = rowAddress(argument);
  if (address.database === selected) return address;
  throw new UserFacingError(
    'changed',
    selected === undefined
      ? t`This document shows ${databaseName(address.database)}, and no database is selected now. Nothing was done.`
      : t`This document shows ${databaseName(address.database)}, and ${databaseName(selected)} is selected now. Nothing was done.`,
    t`Select that database first.`,
  );
}

function pathPart(id: string): string {
  return id.replaceAll('/', '∕');
}
