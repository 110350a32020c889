import { join } from 'node:path';
import { variablesIn } from '../../core/drain/knownVariables.ts';
import { serverAddress } from '../../core/identity/apiVerdict.ts';
import { ApiClient } from '../guard/apiClient.ts';
import { apiKeyOf } from '../guard/apiKey.ts';
import { executorEnvironment } from './executorEnvironment.ts';
import type { DescribedExecutor } from './executorDescription.ts';
import { followExecution, isAtWork } from './followExecution.ts';
import { runChild } from './runChild.ts';

/** The reference's own script, relative to the repository root. */
export const drainScript = join('scripts', 'drain_one_phase.py');

/** How long an API server may take to commit what its client reported last, in ms. */
const apiSettleMs = 5000;

/**
 * Executes phases with the reference's own script. `interpreter` is a Python, absolute; `apiUrl` a server to reuse;
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
async function serverProblem(url: string): Promise<string | null> {
  const apiKey = await apiKeyOf(process.env).catch(() => undefined);
  const answers = await new ApiClient(url, apiKey).answers();
  return 'unreachable' in answers
    ? `The API server ${serverAddress(url)} does not answer any more: ${answers.unreachable}.`
    : null;
}
