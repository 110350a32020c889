import { t } from '../text/l10n.ts';
import { counted } from '../text/quantities.ts';
import type { SharedWorker } from './sharedDrain.ts';

/** `3 workers on 2 machines: parser, lexer`: who works on a drain, and on which phases. */
export function workersText(workers: readonly SharedWorker[]): string {
  const atWork = workers.filter(({ executes, isAlive }) => executes && isAlive);
  const machines = new Set(atWork.map(({ host }) => host)).size;
  const workerCount = counted(atWork.length, 'worker');
  const who = machines > 1 ? t`${workerCount} on ${machines} machines` : workerCount;
  const phases = atWork.flatMap(({ phase }) => (phase === null ? [] : [phase.phaseId]));
  return `${who}${phases.length === 0 ? '' : `: ${phases.join(', ')}`}`;
}

/** `worker 3 on build-2`. */
export function workerName({ number, host }: Pick<SharedWorker, 'number' | 'host'>): string {
  return t`worker ${number} on ${host}`;
}
