import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What the script that stands in for Autopack's does:
 * - `first-queued`: touches every QUEUED phase of the run, then completes the first, whatever phase was asked for;
 * - `fails`: the same, but the phase fails with a bare status, and the cause is in stderr;
 * - `orphan`: completes the phase, and leaves a process of its own session behind;
 * - `two`: the same as `first-queued`, and then completes the next in the queue as well;
 * - `server-dies`: the same as `first-queued`, but from the second phase on its API server dies under it, and the phase fails;
 * - `crash`: dies of a signal before it has opened the database;
 * - `no-server`: changes nothing, and says that it has no API server.
 */
export type AutopackScriptMode =
  'first-queued' | 'two' | 'fails' | 'orphan' | 'server-dies' | 'crash' | 'no-server';

/** How it is to behave besides. */
export interface AutopackScriptOptions {
  /** The database it works on, whatever `DATABASE_URL` says; absolute. */
  readonly otherDatabase?: string;
  /** The process of the API server that dies. */
  readonly serverPid?: number;
}

/**
 * Writes `scripts/drain_one_phase.py` into a workspace. It is JavaScript, to be run by the Node that runs the tests in the
 * place of Python, and behaves as Autopack's script was seen to.
 */
export async function writeAutopackScript(
  workspaceFolder: string,
  mode: AutopackScriptMode,
  { otherDatabase, serverPid }: AutopackScriptOptions = {},
): Promise<void> {
  const folder = join(workspaceFolder, 'scripts');
  await mkdir(folder, { recursive: true });
  const given = `const mode = ${JSON.stringify(mode)}; const otherDatabase = ${JSON.stringify(otherDatabase ?? null)}; const serverPid = ${serverPid ?? 0};`;
  await writeFile(join(folder, 'drain_one_phase.py'), `${given}\n${script}`);
}

const script = `
const { spawn } = require('node:child_process');
const { DatabaseSync } = require('node:sqlite');
const option = (name) => process.argv[process.argv.indexOf(name) + 1];
if (mode === 'crash') process.kill(process.pid, 'SIGKILL');
const [runId, asked] = [option('--run-id'), option('--phase-id')];
const db = new DatabaseSync(otherDatabase ?? process.env.DATABASE_URL.replace('sqlite:///', ''), { timeout: 5000 });
const now = () => new Date().toISOString().replace('T', ' ').replace('Z', '000');
if (mode === 'no-server') {
  console.error('ERROR: Cannot proceed without API server. Exiting.');
  process.exit(1);
}
const phase = db.prepare('SELECT state FROM phases WHERE run_id = ? AND phase_id = ?').get(runId, asked);
if (phase === undefined) {
  console.error('Error: Phase not found: ' + runId + ' / ' + asked);
  process.exit(1);
}
if (phase.state === 'FAILED') {
  db.prepare("UPDATE phases SET state = 'QUEUED', updated_at = ? WHERE run_id = ? AND phase_id = ?").run(now(), runId, asked);
}
db.prepare("UPDATE phases SET scope = json_set(scope, '$.repaired', 1), updated_at = ? WHERE run_id = ? AND state = 'QUEUED'").run(now(), runId);
const firstQueued = () => db.prepare(\`SELECT p.phase_id AS id FROM phases AS p JOIN tiers AS t ON t.id = p.tier_id
  WHERE p.run_id = ? AND p.state = 'QUEUED' ORDER BY t.tier_index, p.phase_index LIMIT 1\`).get(runId)?.id;
let first = firstQueued();
const end = (state, reason) => db.prepare(\`UPDATE phases SET state = ?, last_failure_reason = coalesce(?, last_failure_reason),
  builder_attempts = builder_attempts + 1, updated_at = ?, completed_at = ? WHERE run_id = ? AND phase_id = ?\`)
  .run(state, reason, now(), now(), runId, first);
if (mode === 'orphan') {
  const server = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { detached: true, stdio: 'ignore' });
  console.log('server ' + server.pid);
  server.unref();
}
const isLater = db.prepare("SELECT 1 FROM phases WHERE state = 'COMPLETE'").get() !== undefined;
if (mode === 'server-dies' && isLater) {
  process.kill(serverPid, 'SIGKILL');
  end('FAILED', 'FAILED');
  console.error('requests.exceptions.ConnectionError: ' + process.env.AUTOPACK_API_URL + ': Connection refused');
} else if (mode === 'fails') {
  end('FAILED', 'FAILED');
  console.error('ERROR: [' + first + '] Builder failed: Error code: 400 - invalid_request_error');
} else {
  end('COMPLETE', null);
}
if (mode === 'two') {
  first = firstQueued();
  end('COMPLETE', null);
  console.log('[' + first + '] complete as well');
}
const state = db.prepare('SELECT state FROM phases WHERE run_id = ? AND phase_id = ?').get(runId, asked).state;
console.log('[drain_one_phase] Final state: ' + state);
process.exit(state === 'COMPLETE' ? 0 : 1);
`;
