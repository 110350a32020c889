import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { backlogOn, beginSharedDrain } from './sharedBacklog.ts';
import type { PostgresServer } from './postgresServer.ts';

/** How much is done to the workers of one drain, at random moments. */
export interface Havoc {
  readonly workers: number;
  readonly runs: number;
  readonly phasesOfRun: number;
  readonly kills: number;
  readonly stops: number;
  readonly restarts: number;
  readonly leaseMs: number;
  /** How long the execution of one phase takes on the average. */
  readonly executionMs: number;
  /** Between two deeds, at most. */
  readonly pauseMs: number;
}

/** What came of it. */
interface Aftermath {
  /** Phases of which more or less than one execution came to its end. */
  readonly wrong: readonly unknown[];
  readonly states: Readonly<Record<string, number>>;
  /** The longest time, in ms, that a lease had run out and nobody had taken it over, while the server ran. */
  readonly strandedMs: number;
  readonly said: string;
}

const script = new URL('sharedWorker.ts', import.meta.url).pathname;

/** A worker in a process of its own, once it has joined. */
export async function startWorker(
  url: string,
  { executionMs = 5, cost = 0 }: { readonly executionMs?: number; readonly cost?: number },
  hear: (said: string) => void,
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [script, url, 'drain', String(executionMs), String(cost)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr.on('data', (part: Buffer) => hear(part.toString()));
  await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  child.stdout.resume();
  return child;
}

/** Resolves when a process has ended. */
export async function exitOf(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** Drains a backlog by workers that are killed, stopped and begun anew, on a server that is restarted meanwhile. */
export async function havoc(server: PostgresServer, name: string, plan: Havoc): Promise<Aftermath> {
  const url = await backlogOn(server, name, { runs: plan.runs, phases: plan.phasesOfRun });
  const phases = plan.runs * plan.phasesOfRun;
  const options = { batchSize: phases * 10, maxAttemptsPerPhase: 50, maxTotalMinutes: 600 };
  await beginSharedDrain(url, { id: 'drain', leaseMs: plan.leaseMs, options }, true);
  let said = '';
  const hear = (text: string): void => void (said += text);
  const start = (): Promise<ChildProcess> => startWorker(url, plan, hear);
  const crew = await Promise.all(Array.from({ length: plan.workers }, start));
  const watch = watchStranded(server, name);
  const deeds = [
    ...Array.from({ length: plan.kills }, () => 'kill' as const),
    ...Array.from({ length: plan.stops }, () => 'stop' as const),
    ...Array.from({ length: plan.restarts }, () => 'restart' as const),
  ].sort(() => Math.random() - 0.5);
  for (const deed of deeds) {
    await wait(Math.random() * plan.pauseMs);
    const at = Math.floor(Math.random() * crew.length);
    const victim = crew[at];
    if (deed === 'restart') {
      watch.pause();
      await server.restart(Math.random() < 0.5 ? 'fast' : 'immediate');
      watch.goOn();
    } else if (deed === 'kill') {
      const gone = victim === undefined ? undefined : exitOf(victim);
      victim?.kill('SIGKILL');
      await gone;
      crew[at] = await start();
    } else if (victim?.exitCode === null) {
      victim.kill('SIGSTOP');
      await wait(plan.leaseMs * 1.7);
      victim.kill('SIGCONT');
    }
  }
  await Promise.all(crew.map(exitOf));
  const strandedMs = await watch.end();
  return { ...(await aftermath(server, name)), strandedMs, said };
}

async function aftermath(server: PostgresServer, name: string): Promise<Pick<Aftermath, 'wrong' | 'states'>> {
  const states = await server.query<{ state: string; n: string }>(
    name,
    'SELECT state, count(*) AS n FROM phases GROUP BY 1',
  );
  const wrong = await server.query(
    name,
    `SELECT p.run_id, p.phase_id, p.state, p.builder_attempts, count(e.id) AS ends
     FROM phases p LEFT JOIN phase_outcome_events e
       ON e.run_id = p.run_id AND e.phase_id = p.phase_id AND e.phase_outcome = 'SUCCESS'
     GROUP BY 1, 2, 3, 4 HAVING count(e.id) <> 1`,
  );
  return { wrong, states: Object.fromEntries(states.map(({ state, n }) => [state, Number(n)])) };
}

interface StrandedWatch {
  pause(): void;
  goOn(): void;
  end(): Promise<number>;
}

/** Looks all the time how long any lease has run out. */
function watchStranded(server: PostgresServer, name: string): StrandedWatch {
  const watch = { isPaused: false, hasEnded: false, longest: 0 };
  const looking = (async () => {
    const isOver = (): boolean => watch.hasEnded;
    const isPaused = (): boolean => watch.isPaused;
    while (!isOver()) {
      await wait(200);
      if (isPaused()) continue;
      const rows = await server
        .query<{ late: number | null }>(
          name,
          `SELECT extract(epoch FROM max(clock_timestamp() - expires_at))::float8 * 1000 AS late
           FROM autopack_hygiene.leases WHERE ended_at IS NULL`,
        )
        .catch(() => []);
      if (!isPaused()) watch.longest = Math.max(watch.longest, rows[0]?.late ?? 0);
    }
  })();
  return {
    pause: () => (watch.isPaused = true),
    goOn: () => (watch.isPaused = false),
    async end() {
      watch.hasEnded = true;
      await looking;
      return watch.longest;
    },
  };
}

/** Nothing was done twice, lost, or left lying for longer than a lease. */
export function assertNothingAmiss({ wrong, states, strandedMs, said }: Aftermath, plan: Havoc): void {
  assert.deepEqual(wrong, [], said);
  assert.deepEqual(states, { COMPLETE: plan.runs * plan.phasesOfRun }, said);
  assert.ok(strandedMs < plan.leaseMs, `A lease was left for ${strandedMs} ms.\n${said}`);
}
