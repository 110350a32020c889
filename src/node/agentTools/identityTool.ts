import * as z from 'zod';
import { pinWarning } from '../../core/identity/databasePin.ts';
import { serverAddress } from '../../core/identity/apiVerdict.ts';
import { sourceChangeText } from '../../core/identity/confirmedSources.ts';
import type { DatabaseFingerprint } from '../../core/identity/databaseFingerprint.ts';
import type { DatabaseSource } from '../../core/identity/databaseSource.ts';
import { drift } from '../../core/identity/drift.ts';
import { isWrong } from '../../core/identity/findings.ts';
import type { DatabaseFacts } from '../../core/model/databaseFacts.ts';
import { CanaryVerdicts } from '../identity/askApiServer.ts';
import { ConfirmedSourceFile } from '../identity/confirmedSourceFile.ts';
import { DatabaseGuard } from '../identity/databaseGuard.ts';
import { collectDatabaseSources } from '../maintenance/collectDatabaseSources.ts';
import { serverSource } from '../maintenance/diagnose.ts';
import { defineTool, type AgentTool, type ToolCall } from './agentTool.ts';
import { commonest, isoTime } from './answerText.ts';

/** Until when counts and servers are waited for, in ms from the call on: whoever asks which database it is wants to know at once. */
const longestMs = 150;

/** Which database is selected, and what speaks against trusting that. */
export const identityTool: AgentTool = defineTool({
  name: 'autopack_identity',
  title: 'Autopack: Which Database',
  description:
    'Tells which Autopack database a human has selected: path, id, role (seed or legacy), protection (open, ask, confirm: a person types the name, read-only), size, counts of runs, phases and telemetry, and warnings (another file of the same name, a DATABASE_URL, setting or API server that names another database or has changed, missing tables). Call it first, and before any command that would write. Reads only.',
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
async function warningsAround(call: ToolCall): Promise<string[]> {
  const { world, path, signal } = call;
  const folders = world.workspaceFolders();
  const workspaceFolder = world.guardFolder(path);
  if (workspaceFolder === null) return [];
  const { reader, clock, environment } = world;
  const guard = new DatabaseGuard({ reader, clock, workspaceFolder });
  const { others = [], dotenvFiles = [], seesSettings } = world.namedElsewhere();
  const [{ fingerprint, verdict, pinsProblem }, sources] = await Promise.all([
    guard.inspect(path, signal),
    collectDatabaseSources({ folders, environment, selection: path, others, dotenvFiles }),
  ]);
  const confirmed = new ConfirmedSourceFile(workspaceFolder);
  const [{ changes }, servers] = await Promise.all([
    confirmed.compare({ sources, environment, seesSettings }),
    serversAround(call, workspaceFolder, fingerprint),
  ]);
  const warning = pinWarning(verdict);
  return [
    ...(pinsProblem === null ? [] : [`${pinsProblem.message} ${pinsProblem.nextStep}`]),
    ...(warning === null ? [] : [warning]),
    ...changes.map(sourceChangeText),
    ...drift([...sources, ...servers.told])
      .filter(isWrong)
      .map(({ message }) => message),
    ...servers.silent.map(
      (address) => `The API server ${address} has not answered yet: call again in some seconds.`,
    ),
  ];
}

/** What API servers say of the database, as far as they say it in time. */
async function serversAround(
  { world, path, startedAt, signal }: ToolCall,
  workspaceFolder: string,
  fingerprint: DatabaseFingerprint,
): Promise<{ readonly told: readonly DatabaseSource[]; readonly silent: readonly string[] }> {
  const { apiKeyFor, servers } = world;
  const folders = world.workspaceFolders();
  const deps = { ...world, verdicts: new CanaryVerdicts(workspaceFolder) };
  const addressed = new Map(world.apiUrls().map((url) => [serverAddress(url), url]));
  const left = Math.max(0, startedAt + longestMs - performance.now());
  const asked = [...addressed].map(async ([address, url]) => {
    const subject = { url, address, databasePath: path, folders, fingerprint, apiKeyFor };
    return {
      address,
      source: await servers.within({ path, address }, left, () => serverSource(subject, deps), signal),
    };
  });
  const answers = await Promise.all(asked);
  return {
    told: answers.flatMap(({ source }) => source ?? []),
    silent: answers.flatMap(({ address, source }) => (source === null ? [address] : [])),
  };
}
