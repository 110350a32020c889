import type { Coverage, CoverageCell } from '../../core/telemetry/analysis/coverage.ts';
import { counted, formatCount } from '../../core/text/quantities.ts';
import { deliverableBuckets } from '../../core/model/sampleKind.ts';
import { t } from '../../core/text/l10n.ts';
import type { Outcome } from '../../protocol/telemetryProtocol.ts';
import { html, icon } from '../elements/dom.ts';
import { actionButton, type PageActions } from '../elements/pageActions.ts';
import { dataTable, type DataRow } from '../elements/dataTable.ts';

/** Which kinds of phases have been sampled, and which are missing; what is missing is not seeded into a backlog. */
export function coverageMatrix(
  coverage: Outcome<Coverage> | null,
  isBacklog: boolean,
  actions: PageActions,
): Node {
  if (coverage === null) return html('p', { class: 'missing' }, t`Counting the kinds of phases…`);
  if (coverage.kind === 'failed') {
    const { message, nextStep } = coverage.error;
    return html('p', { class: 'missing' }, `${message} ${nextStep}`);
  }
  const { cells } = coverage.value;
  const columns = deliverableBuckets.map((bucket) => ({
    label: bucket === '1' ? t`1 deliverable (phases)` : t`${bucket} deliverables (phases)`,
  }));
  return html(
    'div',
    {},
    dataTable(
      t`Coverage: phases with a clean sample, of those needed`,
      [{ label: t`Category` }, { label: t`Complexity` }, ...columns],
      rowsOf(cells),
    ),
    html(
      'div',
      { class: 'coverage-next' },
      html('p', {}, words(coverage.value)),
      ...(isBacklog ? elsewhere(coverage.value, actions) : next(coverage.value, actions)),
    ),
  );
}

function rowsOf(cells: readonly CoverageCell[]): DataRow[] {
  const kinds = new Map(cells.map((cell) => [`${cell.category}\0${cell.complexity}`, cell]));
  return Array.from(kinds.values(), ({ category, complexity }) => [
    category,
    complexity,
    ...deliverableBuckets.map((bucket) =>
      cellOf(
        cells.find(
          (cell) =>
            cell.category === category && cell.complexity === complexity && cell.deliverables === bucket,
        ),
      ),
    ),
  ]);
}

function cellOf(cell: CoverageCell | undefined): Node {
  if (cell === undefined) return html('span', { class: 'faint' }, '–');
  const { have, need, missing, waiting } = cell;
  const figures = need === 0 ? `${have}` : t`${have} of ${need}`;
  const queued = waiting === 0 ? '' : t`, ${waiting} queued`;
  if (missing > 0) {
    const missingText = html('span', { class: 'hidden' }, t`, ${missing} missing`);
    return html('span', { class: 'over' }, icon('warning'), figures, missingText, queued);
  }
  return html('span', {}, need > 0 && icon('passed'), figures, queued);
}

function words({ phases, missing, toSeed, complete }: Coverage): string {
  const have = t`${formatCount(phases.have)} of ${phases.need} phases with a clean sample; a phase counts once, however often it was sampled.`;
  if (complete) return `${have} ${t`Nothing is missing.`}`;
  if (missing === 0) return `${have} ${t`Every kind of phase is covered.`}`;
  const queued = missing - toSeed;
  const waiting = queued === 0 ? '' : ` ${t`${queued} of them wait to be drained.`}`;
  return `${have} ${t`${counted(missing, 'phase')} missing.`}${waiting}`;
}

function next({ missing, toSeed }: Coverage, actions: PageActions): Node[] {
  return [
    ...(toSeed > 0 ? [actionButton('seedMore', actions, true)] : []),
    ...(missing > toSeed ? [actionButton('drain', actions, toSeed === 0)] : []),
  ];
}

function elsewhere({ complete }: Coverage, actions: PageActions): Node[] {
  if (complete) return [];
  return [
    html('p', {}, t`What is missing is seeded into a telemetry seed database, not into a backlog.`),
    actionButton('selectDatabase', actions),
  ];
}
