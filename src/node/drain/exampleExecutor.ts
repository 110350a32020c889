import { executorEnvironment } from './executorEnvironment.ts';
import type { DescribedExecutor } from './executorDescription.ts';
import { followExecution, isAtWork } from './followExecution.ts';
import { runChild } from './runChild.ts';

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
      const env = { ...executorEnvironment(request.databasePath), ELECTRON_RUN_AS_NODE: '1' };
      return runChild({ program: process.execPath, args, env }, request, signal);
    },
  };
}
