import * as vscode from 'vscode';
import * as z from 'zod';
import { lazily } from '../../core/lazily.ts';
import { UserFacingError } from '../../core/errors.ts';
import { t } from '../../core/text/l10n.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { registerCommand } from '../commands/registerCommand.ts';
import { targetInSelected } from '../commands/rowDocuments.ts';
import { drainedPhaseTarget, phaseTargets, runTarget, runTargets } from '../commands/targets.ts';
import type { SelectedDatabase } from '../database/selectedDatabase.ts';
import { documentSchemes } from '../ids.ts';
import { DisposableStore } from '../window/disposableStore.ts';
import type { ErrorReporter } from '../window/errorReporter.ts';
import { registerReadOnlyDocuments, showReadOnlyDocument } from '../window/readOnlyDocuments.ts';
import { safeWindow } from '../window/safeWindow.ts';
import { runDescription } from './runTexts.ts';

/** What comparing needs. */
export interface ComparisonDeps {
  readonly reader: DatabaseReader;
  readonly selected: SelectedDatabase;
  readonly errors: ErrorReporter;
}

const query = lazily(() =>
  z.object({
    database: z.string(),
    left: z.string(),
    right: z.string(),
    only: z.string().nullable(),
  }),
);

/** Compare Runs: two runs, or one phase in two runs, as a document that follows the database. */
export function registerComparison({ reader, selected, errors }: ComparisonDeps): DisposableStore {
  const store = new DisposableStore();
  store.add(
    registerReadOnlyDocuments({
      scheme: documentSchemes.comparison,
      onDidChange: selected.onDidCommit,
      text: async (uri, signal) => {
        const { database, left, right, only } = query().parse(JSON.parse(uri.query));
        const detail = (runId: string) => reader.request(database, 'runDetail', { runId }, signal);
        const [a, b] = [await detail(left), await detail(right)];
        const { comparisonMarkdown } = await import('./comparisonMarkdown.ts');
        const { compareRuns } = await import('../../core/model/runComparison.ts');
        return comparisonMarkdown(compareRuns(a.value, b.value), only);
      },
    }),
  );
  store.add(
    registerCommand('compareRuns', errors, async (argument, rows) => {
      const database = selected.requirePath();
      const target = targetInSelected(argument, database);
      const only = commonPhase(target, rows);
      const chosen = only === null ? runTargets(rows) : phaseTargets(rows);
      const left = chosen.length === 2 && chosen[0] !== undefined ? chosen[0].runId : runTarget(target).runId;
      const right = chosen.length === 2 ? chosen[1]?.runId : await askOther(left, only, database, reader);
      if (right === undefined) return;
      const title = only === null ? t`${left} and ${right}` : t`${only} in ${left} and ${right}`;
      const uri = vscode.Uri.from({
        scheme: documentSchemes.comparison,
        path: `/${title.replaceAll('/', '∕')}`,
        query: JSON.stringify({ database, left, right, only }),
      });
      await showReadOnlyDocument(uri, true);
    }),
  );
  return store;
}

/** The id of the phase that is to be compared; `null` for whole runs. Fails where two different phases are selected. */
function commonPhase(target: unknown, rows: unknown): string | null {
  const ids = new Set(phaseTargets(rows).map(({ phaseId }) => phaseId));
  if (ids.size > 1) {
    throw new UserFacingError(
      'invalid-argument',
      t`These phases have different ids.`,
      t`Select two runs, or the same phase in two runs.`,
    );
  }
  return drainedPhaseTarget(target)?.phaseId ?? null;
}

/** Lets a person choose the run to compare with: of a phase, only runs that have it. */
async function askOther(
  runId: string,
  phaseId: string | null,
  database: string,
  reader: DatabaseReader,
): Promise<string | undefined> {
  const { value: runs } = await reader.request(database, 'listRuns', null);
  const having = phaseId === null ? null : await runsWith(phaseId, database, reader);
  const others = runs.filter(({ id }) => id !== runId && having?.has(id) !== false);
  if (others.length === 0) {
    throw new UserFacingError(
      'not-found',
      phaseId === null ? t`There is no other run to compare with.` : t`No other run has a phase ${phaseId}.`,
      phaseId === null ? t`Select a database with several runs.` : t`Compare the runs instead.`,
    );
  }
  const picked = await safeWindow.showQuickPick(
    others.map((run) => ({ label: run.id, description: runDescription(run), runId: run.id })),
    {
      title: t`Compare ${phaseId ?? runId}`,
      placeHolder: t`Which run do you want to compare with?`,
      matchOnDescription: true,
    },
  );
  return picked?.runId;
}

async function runsWith(
  phaseId: string,
  database: string,
  reader: DatabaseReader,
): Promise<ReadonlySet<string>> {
  const question = { text: phaseId, limit: 2000 };
  const { value } = await reader.request(database, 'searchPhases', question);
  return new Set(value.phases.flatMap((each) => (each.phaseId === phaseId ? [each.runId] : [])));
}
