import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import type { StageResult } from './stage.ts';

const test = z.object({
  fullTitle: z.string(),
  file: z.string().optional(),
  err: z.object({ message: z.string().optional(), stack: z.string().optional() }),
});

/** The part of mocha's JSON report that is counted. */
const report = z.object({ passes: z.array(test), pending: z.array(test), failures: z.array(test) });

type Test = z.infer<typeof test>;
export type MochaReport = z.infer<typeof report>;

/**
 * Reads a report of mocha's JSON reporter. Where the run broke off before it wrote one, failed without a
 * failed test, or had no test at all, that counts as one failure and shows the run's output.
 */
export async function readMochaReport(file: string, exitCode: number, output: string): Promise<MochaReport> {
  const brokenOff = { fullTitle: `No whole run (exit code ${String(exitCode)})`, err: { stack: output } };
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return { passes: [], pending: [], failures: [brokenOff] };
  const found = report.parse(JSON.parse(text));
  const ran = found.passes.length + found.pending.length;
  const isWhole = found.failures.length > 0 || (exitCode === 0 && ran > 0);
  return isWhole ? found : { ...found, failures: [brokenOff] };
}

/** The files with a failed test, or none where a failure is no test's and another run of files would not mend it. */
export function failedFiles({ failures }: MochaReport): readonly string[] {
  const files = failures.map(({ file }) => file);
  return files.includes(undefined) ? [] : [...new Set(files.filter((file) => file !== undefined))];
}

/** What a stage found; `second` is the report of another run of the files in which a test of `first` failed. */
export function mochaResult(first: MochaReport, second?: MochaReport): StageResult {
  const again = failedFiles(first);
  const once = (tests: readonly Test[]): readonly Test[] =>
    second === undefined ? tests : tests.filter(({ file }) => file === undefined || !again.includes(file));
  const failures = second?.failures ?? first.failures;
  const retried = second === undefined ? [] : first.failures;
  const titles = (tests: readonly Test[]): string[] => tests.map(({ fullTitle }) => fullTitle);
  return {
    passed: once(first.passes).length + (second?.passes.length ?? 0),
    failed: failures.length,
    skipped: titles([...once(first.pending), ...(second?.pending ?? [])]),
    retried: titles(retried),
    details: [
      ...failures.map((failure) => `✖ ${described(failure)}`),
      ...retried.map((failure) => `↻ In the first run: ${described(failure)}`),
    ].join('\n\n'),
  };
}

function described({ fullTitle, err }: Test): string {
  return `${fullTitle}\n${err.stack ?? err.message ?? ''}`;
}
