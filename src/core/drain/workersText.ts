import { counted } from '../text/quantities.ts';
import type { SharedWorker } from './sharedDrain.ts';

/** `3 workers on 2 machines: parser, lexer`: who works on a drain, and on which phases. */
export function workersText(workers: readonly SharedWorker[]): string {
  const atWork = workers.filter(({ executes, isAlive }) => executes && isAlive);
  const machines = new Set(atWork.map(({ host }) => host)).size;
  const where = machines > 1 ? ` on ${machines} machines` : '';
  const phases = atWork.flatMap(({ phase }) => (phase === null ? [] : [phase.phaseId]));
  return `${counted(atWork.length, 'worker')}${where}${phases.length === 0 ? '' : `: ${phases.join(', ')}`}`;
}

/** `worker 3 on build-2`. */
export function workerName({ number, host }: Pick<SharedWorker, 'number' | 'host'>): string {
  return `worker ${number} on ${host}`;
}
