import { seconds } from '../host/progress.ts';
import { counts, type FinishedStage } from './runStages.ts';
import type { StageResult } from './stage.ts';

/** The totals of all stages. */
export function total(stages: readonly FinishedStage[]): StageResult {
  return {
    passed: stages.reduce((sum, { result }) => sum + result.passed, 0),
    failed: stages.reduce((sum, { result }) => sum + result.failed, 0),
    skipped: stages.flatMap(({ result }) => result.skipped),
    details: '',
  };
}

/** Prints what was skipped, a table of the stages, and the totals as the very last line. */
export function printSummary(stages: readonly FinishedStage[]): void {
  const all = total(stages);
  if (all.skipped.length > 0)
    console.log(`\nSkipped:\n${all.skipped.map((title) => `  - ${title}`).join('\n')}`);
  const rows = stages.map(({ name, result, durationMs }) => [
    name,
    String(result.passed),
    String(result.failed),
    String(result.skipped.length),
    seconds(durationMs),
  ]);
  console.log(`\n${table([['stage', 'passed', 'failed', 'skipped', 'time'], ...rows])}\n`);
  console.log(counts(all));
}

function table(rows: readonly (readonly string[])[]): string {
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const widths = (rows[0] ?? []).map((_, column) => width(column));
  return rows
    .map((row) =>
      row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))),
    )
    .map((cells) => `  ${cells.join('  ')}`)
    .join('\n');
}
