import { plainMarkdown } from '../../text/markdown.ts';
import { counted, formatCount } from '../../text/quantities.ts';
import { markdownTable } from '../markdownTable.ts';
import type { Coverage } from './coverage.ts';

/** The coverage as Markdown: the matrix, and what to do about what is missing. */
export function renderCoverage(coverage: Coverage): string {
  const { phases, cells } = coverage;
  const rows = cells.map((cell) => [
    plainMarkdown(cell.category),
    plainMarkdown(cell.complexity),
    plainMarkdown(cell.deliverables),
    formatCount(cell.have),
    cell.need === 0 ? '–' : formatCount(cell.need),
    cell.missing === 0 ? '–' : formatCount(cell.missing),
    cell.waiting === 0 ? '–' : formatCount(cell.waiting),
  ]);
  const summary = `${formatCount(phases.have)} of ${phases.need} phases with a clean sample, as a calibration needs in all. A phase counts once, however often it was sampled.`;
  const table = markdownTable(
    ['Category', 'Complexity', 'Deliverables', 'Have', 'Need', 'Missing', 'Queued'],
    rows,
  );
  return `# Telemetry coverage\n\n${summary}\n\n${table}\n\n${nextStep(coverage)}\n`;
}

function nextStep({ complete, missing, toSeed, phases }: Coverage): string {
  if (complete) return 'Every kind of phase is covered.';
  if (missing === 0) {
    return `${counted(phases.need - phases.have, 'more phase')} with a clean sample needed: seed another run and drain it.`;
  }
  const lead = `${counted(missing, 'phase')} missing.`;
  if (toSeed === 0) return `${lead} As many are queued: drain them.`;
  const waiting = missing - toSeed;
  const queued = waiting === 0 ? '' : ` ${formatCount(waiting)} of them are queued: drain those first.`;
  return `${lead}${queued} Seed the other ${formatCount(toSeed)} with "seed --targeted".`;
}
