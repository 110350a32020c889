import * as z from 'zod';
import { pinWarning } from '../../core/identity/databasePin.ts';
import { drift, isDrifting } from '../../core/identity/drift.ts';
import type { DatabaseFacts } from '../../core/model/databaseFacts.ts';
import { DatabaseGuard } from '../identity/databaseGuard.ts';
import { collectDatabaseSources } from '../maintenance/collectDatabaseSources.ts';
import { defineTool, type AgentTool, type ToolCall } from './agentTool.ts';
import { commonest, isoTime } from './answerText.ts';

/** Until when counts are waited for, in ms from the call on: whoever asks which database it is wants to know at once. */
const longestMs = 150;

/** Which database is selected, and what speaks against trusting that. */
export const identityTool: AgentTool = defineTool({
  name: 'autopack_identity',
  title: 'Autopack: Which Database',
  description:
    'Tells which Autopack database a human has selected: path, id, role (seed or legacy), protection (open, ask, confirm: a person types the name, read-only), size, counts of runs, phases and telemetry, and warnings (another file of the same name, a DATABASE_URL that names another database, missing tables). Call it first, and before any command that would write. Reads only.',
  input: z.strictObject({}),
  async answer(_, call) {
    const { world, path, startedAt, signal } = call;
    const left = Math.max(0, startedAt + longestMs - performance.now());
    const [facts, around] = await Promise.all([
      world.counts.within(path, left, signal),
      warningsAround(call),
    ]);
    return {
      facts: facts === null ? { counts: stillCounting } : contentOf(facts),
      lists: [
        { name: 'warnings', items: [...around, ...(facts?.warnings ?? []).map(({ message }) => message)] },
      ],
    };
  },
});

const stillCounting = 'still counting: call again in some seconds';

function contentOf(facts: DatabaseFacts): Record<string, unknown> {
  const { counts, phaseStates, telemetry, schema, migrations } = facts;
  return {
    sizeBytes: facts.sizeBytes,
    modifiedAt: isoTime(facts.modifiedAt),
    counts,
    phaseStates: commonest(phaseStates),
    telemetry:
      telemetry === null
        ? null
        : { total: telemetry.total, success: telemetry.success, truncated: telemetry.truncated },
    missingTables: schema.missingTables,
    migrations: migrations.state,
  };
}

/** What the folder knows of the database, and what else on this machine names another. */
async function warningsAround({ world, path, signal }: ToolCall): Promise<string[]> {
  const folders = world.workspaceFolders();
  const [folder] = folders;
  if (folder === undefined) return [];
  const { reader, clock, environment } = world;
  const guard = new DatabaseGuard({ reader, clock, workspaceFolder: folder });
  const [{ verdict, pinsProblem }, sources] = await Promise.all([
    guard.inspect(path, signal),
    collectDatabaseSources({ folders, environment, selection: path }),
  ]);
  const warning = pinWarning(verdict);
  return [
    ...(pinsProblem === null ? [] : [`${pinsProblem.message} ${pinsProblem.nextStep}`]),
    ...(warning === null ? [] : [warning]),
    ...drift(sources)
      .filter(isDrifting)
      .map(({ message }) => message),
  ];
}
