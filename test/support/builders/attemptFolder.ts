import { join } from 'node:path';

/** The session of the attempts of a test. */
export const sessionId = 'batch-drain-20260101-000000';

/** The folder of an attempt at the phase of a test, where a drain puts it. */
export function attemptFolder(workspaceFolder: string, attempt: number): string {
  const name = `run__phase${attempt === 1 ? '' : `~attempt${attempt}`}.attempt`;
  return join(workspaceFolder, '.autonomous_runs', 'batch_drain_sessions', sessionId, 'logs', name);
}
