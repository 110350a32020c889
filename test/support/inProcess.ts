import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import workerThreads from 'node:worker_threads';

/** Keeps the tests of `test/unit` quick: what starts a process or a thread fails there, and belongs to `test/process`. */
function refusing(name: string): () => never {
  // Not an arrow function: Worker is called with `new`.
  return function () {
    throw new Error(`${name}: tests that start processes or threads belong to test/process.`);
  };
}

const starters = ['exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn', 'spawnSync'] as const;
for (const name of starters) Object.assign(childProcess, { [name]: refusing(name) });
Object.assign(workerThreads, { Worker: refusing('Worker') });
syncBuiltinESMExports();
