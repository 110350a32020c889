import { hostname, tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { joinDrain } from '../../../src/core/drain/joinDrain.ts';
import { parsePostgresUrl } from '../../../src/core/db/postgresUrl.ts';
import type { ExecutionResult, ExecutorPort } from '../../../src/core/model/execution.ts';
import { noSpend } from '../../../src/core/model/modelCall.ts';
import { NodeSharing } from '../../../src/node/drain/sharing.ts';
import { databaseServer } from '../../../src/node/postgres/databaseServer.ts';
import { rememberPassword } from '../../../src/node/postgres/passwords.ts';
import { systemClock } from '../../../src/node/system/systemPorts.ts';
import { plainStore } from './plainStore.ts';

// A worker of a drain, as a process to be killed: sharedWorker.ts URL DRAIN EXECUTION_MS COST
const [, , url = '', drain = '', executionMs = '5', cost = '0'] = process.argv;

const { location, password } = parsePostgresUrl(url, { user: '' });
rememberPassword(location.path, password);
const sharing = new NodeSharing({ databasePath: location.path });
const store = plainStore(databaseServer(location.path), (key) => sharing.proofOf(key));

const ended = { durationMs: 1, stdoutTail: '', stderrTail: '' };
const spend = { ...noSpend, cost: { ...noSpend.cost, output: Number(cost) } };
const executor: ExecutorPort = {
  name: 'test',
  async execute(request, signal, { ledger }): Promise<ExecutionResult> {
    const cancelled = { ...ended, outcome: 'cancelled', exitCode: null } as const;
    try {
      const claim = await ledger.claim(request);
      if (claim === null) return { ...ended, outcome: 'exited', exitCode: 2 };
      await wait(Number(executionMs) * (0.5 + Math.random()));
      const isCut = signal.aborted;
      const settlement = { reason: null, timedOut: false, calls: [] };
      await ledger.settle(claim, { ...settlement, state: isCut ? 'QUEUED' : 'COMPLETE' });
      return isCut ? cancelled : { ...ended, outcome: 'exited', exitCode: 0, spend };
    } catch (error) {
      if ((error as { code?: unknown }).code === 'lease-lost') return cancelled;
      throw error;
    }
  },
  async follow({ runId, phaseId }) {
    await store.requeue({ runId, phaseId }, 'EXECUTING');
    return { ...ended, outcome: 'interrupted', exitCode: null };
  },
};

const logger = {
  ...{ debug: () => undefined, info: () => undefined },
  warn: (message: string) => process.stderr.write(`${hostname()} ${process.pid} warn ${message}\n`),
  error: (message: string, cause?: unknown) =>
    process.stderr.write(
      `${process.pid} error ${message} ${cause instanceof Error ? (cause.stack ?? '') : ''}\n`,
    ),
};
const sessions = {
  create: () => Promise.resolve({ sessionId: drain, sessionPath: '' }),
  save: () => Promise.resolve(),
  load: () => Promise.reject(new Error('There is no session.')),
  logPaths: () => Promise.resolve({ stdoutPath: '', stderrPath: '' }),
};
const end = new AbortController();
process.on('SIGTERM', () => end.abort());
const open = await sharing.join(drain);
process.stdout.write('ready\n');
const summary = await joinDrain(
  { databasePath: location.path, workspaceFolder: tmpdir() },
  open,
  { clock: systemClock, executor, store, sessions, logger },
  end.signal,
  (progress) => {
    if (progress.kind === 'warning') logger.warn(progress.message);
  },
);
process.stdout.write(`${summary.stop.kind}\n`);
process.exit(0);
