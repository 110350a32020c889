import { availableParallelism } from 'node:os';
import { describeFailure } from '../host/hostProblem.ts';
import { seconds } from '../host/progress.ts';
import { checkResult, type Stage, type StageResult } from './stage.ts';

/** How long a stage may take where it sets no limit of its own, in ms. */
const longestMs = 20 * 60_000;

export interface FinishedStage {
  readonly name: string;
  readonly result: StageResult;
  readonly durationMs: number;
}

/**
 * Runs the stages in order, those that need not be alone side by side, each after those it needs; prints each as it
 * starts and ends.
 */
export async function runStages(
  stages: readonly Stage[],
  print: (line: string) => void = console.log,
): Promise<readonly FinishedStage[]> {
  const started = new Map<string, Promise<FinishedStage>>();
  for (const batch of batches(stages)) {
    const waiting = batch.values();
    const worker = async (): Promise<void> => {
      for (const stage of waiting) {
        const needed = (stage.needs ?? []).flatMap((name) => started.get(name) ?? []);
        const running = Promise.all(needed).then((finished) => runStage(stage, finished, print));
        started.set(stage.name, running);
        await running;
      }
    };
    await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker));
  }
  return Promise.all(stages.flatMap(({ name }) => started.get(name) ?? []));
}

/** Neighbours that may run side by side; a stage that must be alone is a batch of its own. */
function batches(stages: readonly Stage[]): Stage[][] {
  const result: Stage[][] = [];
  for (const stage of stages) {
    const last = result.at(-1);
    if (last === undefined || stage.alone === true || last[0]?.alone === true) result.push([stage]);
    else last.push(stage);
  }
  return result;
}

async function runStage(
  stage: Stage,
  needed: readonly FinishedStage[],
  print: (line: string) => void,
): Promise<FinishedStage> {
  const broken = needed.find(({ result }) => result.failed > 0)?.name;
  print(`▸ ${stage.name}: ${stage.what}`);
  const started = performance.now();
  const result =
    broken === undefined
      ? await runWithin(stage.longestMs ?? longestMs, stage)
      : checkResult(false, `Not run, because "${broken}" failed.`);
  const durationMs = performance.now() - started;
  print(`${result.failed > 0 ? '✖' : '✔'} ${stage.name}: ${counts(result)} (${seconds(durationMs)})`);
  if (result.failed > 0 || result.retried.length > 0)
    print(`\n${result.details.trimEnd().replaceAll(/^/gm, '    ')}\n`);
  return { name: stage.name, result, durationMs };
}

/** A stage that hangs fails, so that the others still run and the totals are told. */
async function runWithin(limitMs: number, stage: Stage): Promise<StageResult> {
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<StageResult>((resolve) => {
    timer = setTimeout(() => {
      limit.abort();
      resolve(checkResult(false, `It did not end within ${seconds(limitMs)}, and was given up.`));
    }, limitMs);
  });
  try {
    return await Promise.race([stage.run(limit.signal).catch(failedBy), overdue]);
  } finally {
    clearTimeout(timer);
  }
}

function failedBy(error: unknown): StageResult {
  return checkResult(false, describeFailure(error));
}

/** `12 passed, 0 failed`, and the skipped where there are any. */
export function counts({
  passed,
  failed,
  skipped,
}: Pick<StageResult, 'passed' | 'failed' | 'skipped'>): string {
  const skips = skipped.length > 0 ? `, ${String(skipped.length)} skipped` : '';
  return `${String(passed)} passed, ${String(failed)} failed${skips}`;
}
