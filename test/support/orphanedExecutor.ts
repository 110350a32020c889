import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { PhaseKey } from '../../src/core/model/phase.ts';
import { executorEnvironment } from '../../src/node/drain/executors.ts';

/** An execution that outlives the drain that began it. */
export interface Orphan extends PhaseKey {
  /** The executor, `drainOnePhase.mjs`, and the database it works on; both absolute. */
  readonly script: string;
  readonly databasePath: string;
}

/** Starts executors whose parent has died, as those of a killed drain; they end with the test. Answers with their ids. */
export function orphanedExecutor(): (orphan: Orphan) => Promise<number> {
  const pids: number[] = [];
  afterEach(() => {
    for (const pid of pids.splice(0)) {
      try {
        process.kill(-pid, 'SIGKILL');
      } catch {
        // It has ended already.
      }
    }
  });
  return async ({ script, databasePath, runId, phaseId }) => {
    const args = [script, '--run-id', runId, '--phase-id', phaseId, '--force'];
    const parent = `const child = require('node:child_process').spawn(process.execPath, ${JSON.stringify(args)},
      { detached: true, stdio: 'ignore' }); console.log(child.pid); child.unref();`;
    const env = executorEnvironment(databasePath);
    const dying = spawn(process.execPath, ['-e', parent], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    dying.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    await once(dying, 'close');
    pids.push(Number(said));
    return Number(said);
  };
}
