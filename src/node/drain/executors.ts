import { join } from 'node:path';
import * as z from 'zod';
import { modelKeyVariables } from '../../core/builders/endpointSettings.ts';
import { formatDatabaseUrl } from '../../core/db/databaseUrl.ts';
import { formatPostgresUrl, isPostgresPath } from '../../core/db/postgresUrl.ts';
import type { PathStyle } from '../../core/db/pathStyle.ts';
import { variablesIn } from '../../core/drain/knownVariables.ts';
import { serverAddress } from '../../core/identity/apiVerdict.ts';
import { databaseVariables, withoutSelectors } from '../../core/identity/databaseSource.ts';
import type { ExecutorPort, ExecutorProblem } from '../../core/model/execution.ts';
import { t } from '../../core/text/l10n.ts';
import { ApiClient, apiKeyOf } from '../identity/apiClient.ts';
import {
  chatDescription,
  chatExecutor,
  endpointDescription,
  endpointExecutor,
  type ModelAccess,
} from '../builders/builtInExecutors.ts';
import { nativePathStyle } from '../identity/databaseUrlSources.ts';
import { passwordOf } from '../postgres/passwords.ts';
import { followExecution, isAtWork, runChild } from './runChild.ts';

/** What an executor is made of, as another process is told; see `makeExecutor`. */
export const executorDescription = z.discriminatedUnion('name', [
  z.object({
    name: z.literal('autopack'),
    interpreter: z.string(),
    apiUrl: z.string().exactOptional(),
    environment: z.record(z.string(), z.string()).exactOptional(),
  }),
  z.object({ name: z.literal('example'), script: z.string() }),
  endpointDescription,
  chatDescription,
]);

/** One of {@link executorDescription}. */
type ExecutorDescription = Readonly<z.output<typeof executorDescription>>;

/** An executor that another process can make as well. */
export interface DescribedExecutor extends ExecutorPort {
  readonly description: ExecutorDescription;
}

/** Autopack's own script, relative to the repository root. */
export const drainScript = join('scripts', 'drain_one_phase.py');

/** How long an API server may take to commit what its client reported last, in ms. */
const apiSettleMs = 5000;

/**
 * Executes phases with Autopack's own script. `interpreter` is a Python, absolute; `apiUrl` a server to reuse;
 * `environment` holds known variables that somebody wants to be set.
 */
export function autopackExecutor(
  interpreter: string,
  apiUrl?: string,
  environment: Readonly<Record<string, string>> = {},
): DescribedExecutor {
  return {
    name: 'autopack',
    runsFirstQueued: true,
    description: { name: 'autopack', interpreter, environment, ...(apiUrl === undefined ? {} : { apiUrl }) },
    environment: { ...variablesIn(process.env), ...environment },
    // Without a server to reuse the script starts one, and ends it, itself.
    settleMs: apiUrl === undefined || apiUrl === '' ? 0 : apiSettleMs,
    ...(apiUrl === undefined || apiUrl === '' ? {} : { problem: () => serverProblem(apiUrl) }),
    isAtWork,
    follow: followExecution,
    execute(request, signal) {
      const args = [drainScript, '--run-id', request.runId, '--phase-id', request.phaseId, '--force'];
      const env = { ...executorEnvironment(request.databasePath, apiUrl), ...environment };
      return runChild({ program: interpreter, args, env }, request, signal);
    },
  };
}

/** Whether the server that executions reuse is gone. One that answers anything is there. */
async function serverProblem(url: string): Promise<ExecutorProblem | null> {
  const apiKey = await apiKeyOf(process.env).catch(() => undefined);
  const answers = await new ApiClient(url, apiKey).answers();
  if (!('unreachable' in answers)) return null;
  return {
    message: t`The API server ${serverAddress(url)} does not answer any more: ${answers.unreachable}.`,
    nextStep: t`Start the server again on this database, then resume the session.`,
  };
}

/** Executes phases with the example program: recorded answers, no model. `script` is absolute. */
export function exampleExecutor(script: string): DescribedExecutor {
  return {
    name: 'example',
    description: { name: 'example', script },
    isAtWork,
    follow: followExecution,
    execute(request, signal) {
      const args = [script, '--run-id', request.runId, '--phase-id', request.phaseId, '--force'];
      // In the desktop editor the running program is Electron, which this variable makes a plain Node.
      const inherited = executorEnvironment(request.databasePath);
      const env = { ...inherited, ...withoutKeys, ELECTRON_RUN_AS_NODE: '1' };
      return runChild({ program: process.execPath, args, env }, request, signal);
    },
  };
}

/** No model is called. */
const withoutKeys = Object.fromEntries(modelKeyVariables.map((name) => [name, undefined]));

/** Variables of an editor or a debugger around us that would change how a child runs. */
const ours = ['NODE_OPTIONS', 'VSCODE_INSPECTOR_OPTIONS', 'ELECTRON_RUN_AS_NODE'];
/** Names a server to reuse, which may have another database: only one that was asked is passed on. */
const serverVariable = 'AUTOPACK_API_URL';
/** What Autopack's scripts need besides. */
const settings = {
  TELEMETRY_DB_ENABLED: '1',
  PYTHONPATH: 'src',
  PYTHONUTF8: '1',
  PYTHONIOENCODING: 'utf-8',
};

/**
 * The environment in which Autopack's script, and any executor that stands in for it, runs: ours, in which nothing
 * names a database but one absolute URL, so that no two programs can resolve it differently, and nothing points git at
 * another repository (as inside of a hook). `apiUrl` is a server that was asked which database it has.
 */
export function executorEnvironment(
  databasePath: string,
  apiUrl?: string,
  inherited: Readonly<Record<string, string | undefined>> = process.env,
  style: PathStyle = nativePathStyle,
): NodeJS.ProcessEnv {
  // On Windows a second spelling of a variable could win over the one that is set here.
  const replaced = [...ours, serverVariable, ...Object.keys(settings)];
  return {
    ...withoutSelectors(inherited, replaced, style),
    ...databaseVariables(urlForPrograms(databasePath)),
    ...settings,
    ...(apiUrl === undefined || apiUrl === '' ? {} : { [serverVariable]: apiUrl }),
  };
}

/** The URL that a program connects by itself with, as it goes into its environment and nowhere else. */
function urlForPrograms(databasePath: string): string {
  return isPostgresPath(databasePath)
    ? formatPostgresUrl(databasePath, passwordOf(databasePath))
    : formatDatabaseUrl(databasePath);
}

/**
 * Makes the executor that was chosen and described elsewhere; `access` is for the process that executes phases with a model
 * itself.
 */
export function makeExecutor(
  description: ExecutorDescription,
  access: ModelAccess = noAccess,
): DescribedExecutor {
  switch (description.name) {
    case 'autopack':
      return autopackExecutor(description.interpreter, description.apiUrl, description.environment);
    case 'example':
      return exampleExecutor(description.script);
    case 'endpoint':
      return { ...endpointExecutor(description, access), description };
    case 'vscode':
      return { ...chatExecutor(description, access), description };
  }
}

const noAccess: ModelAccess = { key: null, chatModel: null };

/** The executor with just these variables of Autopack set for its phases; one that uses none stays as it is. */
export function withVariables(
  executor: DescribedExecutor,
  environment: Readonly<Record<string, string>>,
): DescribedExecutor {
  const { description } = executor;
  return description.name === 'autopack' ? makeExecutor({ ...description, environment }) : executor;
}
