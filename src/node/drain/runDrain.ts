import type { DatabaseWriterPort } from '../../core/db/writeDatabase.ts';
import { drain } from '../../core/drain/drain.ts';
import type { DrainRequest } from '../../core/drain/drainOptions.ts';
import type { DrainListener } from '../../core/drain/drainProgress.ts';
import type { DrainSummary } from '../../core/drain/drainSummary.ts';
import type { ExecutorPort } from '../../core/drain/executorPort.ts';
import type { WriteExpectation } from '../../core/guard/databaseMark.ts';
import type { ClockPort, LoggerPort } from '../../core/ports.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { nodeDrainStore } from './nodeDrainStore.ts';
import { SessionFiles } from './sessionFiles.ts';

/** Everything a drain needs, on this machine. */
export interface DrainJob {
  /** Absolute and real. */
  readonly databasePath: string;
  /** The repository root: deliverables, sessions and logs go below it. Absolute. */
  readonly workspaceFolder: string;
  readonly executor: ExecutorPort;
  readonly options: DrainRequest;
  readonly reader: DatabaseReader;
  readonly writer: DatabaseWriterPort;
  readonly clock: ClockPort;
  readonly logger: LoggerPort;
  readonly onProgress?: DrainListener;
  /** The database that was checked before; without it, the adopted one that is there. */
  readonly expected?: WriteExpectation;
}

/** Drains a database, for the editor and the command line alike; see {@link drain} for what it throws. */
export function runDrain(job: DrainJob, signal: AbortSignal): Promise<DrainSummary> {
  const { databasePath, workspaceFolder, executor, options, clock, logger, onProgress } = job;
  const store = nodeDrainStore(job);
  const sessions = new SessionFiles(workspaceFolder);
  const ports = { clock, executor, store, sessions, logger };
  const order = { request: options, target: { databasePath, workspaceFolder } };
  return drain(order, ports, signal, onProgress ?? (() => undefined));
}
