import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { checkResult, type StageResult } from './stage.ts';

const test = z.object({
  fullTitle: z.string(),
  err: z.object({ message: z.string().optional(), stack: z.string().optional() }),
});

/** The part of mocha's JSON report that is counted. */
const report = z.object({
  passes: z.array(test),
  pending: z.array(test),
  failures: z.array(test),
  retries: z.array(test).default([]),
});

/**
 * Reads a report of mocha's JSON reporter. Where the run broke off before it wrote one, failed without a
 * failed test, or had no test at all, that counts as one failure and shows the run's output.
 */
export async function readMochaReport(file: string, exitCode: number, output: string): Promise<StageResult> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return checkResult(false, `No report (exit code ${String(exitCode)}).\n${output}`);
  const { passes, pending, failures, retries } = report.parse(JSON.parse(text));
  const ran = passes.length + pending.length + failures.length;
  const brokeOff = failures.length === 0 && (exitCode !== 0 || ran === 0);
  const details = [
    ...failures.map((failure) => `✖ ${described(failure)}`),
    ...retries.map((retry) => `↻ At its first attempt: ${described(retry)}`),
  ];
  return {
    passed: passes.length,
    failed: failures.length + (brokeOff ? 1 : 0),
    skipped: pending.map(({ fullTitle }) => fullTitle),
    retried: retries.map(({ fullTitle }) => fullTitle),
    details: brokeOff ? output : details.join('\n\n'),
  };
}

function described({ fullTitle, err }: z.infer<typeof test>): string {
  return `${fullTitle}\n${err.stack ?? err.message ?? ''}`;
}
