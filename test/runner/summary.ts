import { seconds } from '../host/progress.ts';
import { counts, type FinishedStage } from './runStages.ts';
import type { StageResult } from './stage.ts';

/** The totals of all stages. */
export function total(stages: readonly FinishedStage[]): StageResult {
  return {
    passed: stages.reduce((sum, { result }) => sum + result.passed, 0),
    failed: stages.reduce((sum, { result }) => sum + result.failed, 0),
    skipped: stages.flatMap(({ result }) => result.skipped),
    retried: stages.flatMap(({ result }) => result.retried),
    details: '',
  };
}

/** Prints what was skipped or tried twice, a table of the stages, and the totals as the very last line. */
export function printSummary(stages: readonly FinishedStage[]): void {
  const all = total(stages);
  printList('Skipped', all.skipped);
  printList('Tried twice', all.retried);
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

function printList(heading: string, titles: readonly string[]): void {
  if (titles.length > 0) console.log(`\n${heading}:\n${titles.map((title) => `  - ${title}`).join('\n')}`);
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
