import { conditionsOf } from '../core/telemetry/page/telemetryFilter.ts';
import type { TelemetryView } from '../core/telemetry/page/telemetryView.ts';
import { t } from '../core/text/l10n.ts';
import { chartKey } from './chart/markers.ts';
import { pictureButtons } from './chart/chartPicture.ts';
import { PointTable } from './chart/pointTable.ts';
import { RatioFigure, TrendFigure } from './chart/ratioFigures.ts';
import { ScatterFigure } from './chart/scatterFigure.ts';
import { html, Region } from './elements/dom.ts';
import type { PageState } from './model/pageState.ts';
import { comparison } from './parts/comparison.ts';
import { coverageMatrix } from './parts/coverageMatrix.ts';
import { figureList, gateCards, nextStepsList, qualityList, scopeNote } from './parts/figures.ts';
import { FoldedTable, quantileTable } from './elements/dataTable.ts';
import { groupTable } from './parts/groupTable.ts';
import { modelTable, trendTable } from './parts/modelTable.ts';
import type { PageActions } from './elements/pageActions.ts';
import { changeLine, proposal } from './parts/proposal.ts';
import { pageSection, SectionLinks } from './parts/sections.ts';
import { SuspectPart } from './parts/suspectPart.ts';
import type { PictureOf, TelemetrySection } from '../protocol/telemetryProtocol.ts';
import type { ReportContent } from './model/pageModel.ts';

/** The figures and charts of a view, in sections. */
export class ReportView {
  readonly node: HTMLElement;
  readonly #actions: PageActions;
  readonly #links = new SectionLinks();
  readonly #gates = new Region();
  readonly #change = new Region();
  readonly #next = new Region();
  readonly #key = new Region();
  readonly #scatter: ScatterFigure;
  readonly #points: PointTable;
  readonly #figures = new Region({ 'aria-label': t`Figures` }, 'aside');
  readonly #ratios = new RatioFigure();
  readonly #quantiles = new Region();
  readonly #noRatios = html('p', { class: 'missing' });
  readonly #trend = new TrendFigure();
  readonly #trendTable: FoldedTable;
  readonly #noTrend = html('p', { class: 'missing' });
  readonly #ratioPicture = html('div');
  readonly #trendPicture = html('div');
  readonly #groups = new Region();
  readonly #models = new Region();
  readonly #comparison = new Region();
  readonly #suspects: SuspectPart;
  readonly #coverage = new Region();
  readonly #proposal = new Region({ class: 'proposal', 'aria-live': 'polite' });

  constructor(state: PageState, actions: PageActions) {
    this.#actions = actions;
    this.#scatter = new ScatterFigure(
      (phase) => actions.openPhase(phase),
      (region) => actions.setFilter(region),
    );
    this.#points = new PointTable(state, actions);
    this.#suspects = new SuspectPart(state, actions);
    this.#trendTable = new FoldedTable('trend', t`The trend as a table`, state, actions);
    this.node = this.#layOut();
  }

  /** A backlog is analyzed, but not seeded. */
  show(content: ReportContent, { filter, groupSort, modelSort }: PageState, isBacklog: boolean): void {
    const { view, coverage, calibration, applied, state, models, modelsOutdated } = content;
    const { analysis, intervals, selected, ratios, trend } = view;
    const actions = this.#actions;
    const scope = conditionsOf(view.filter) > 0;
    this.#gates.update([view], () => [scopeNote(view), gateCards(analysis.gates, intervals)]);
    this.#change.update([calibration], () => [changeLine(content, () => this.reveal('proposal'))]);
    this.#next.update([analysis], () => [nextStepsList(analysis, actions)]);
    this.#key.update([view, filter], () => [chartKey(view, filter, actions)]);
    this.#figures.update([selected], () => [figureList(selected), qualityList(selected.quality)]);
    this.#groups.update([selected, groupSort], () => [groupTable(selected, groupSort, actions)]);
    this.#models.update([models, modelsOutdated, modelSort], () => [modelTable(content, modelSort, actions)]);
    this.#comparison.update([view], () => comparison(view, actions));
    this.#suspects.show(view, filter);
    this.#points.show(view);
    this.#scatter.show(view);
    this.#showRatios(ratios);
    this.#showTrend(trend);
    this.#coverage.update([coverage, isBacklog, scope], () => [
      scopeNote(view),
      coverageMatrix(coverage, isBacklog, actions),
    ]);
    this.#proposal.update([calibration, applied, state, scope], () => [
      scopeNote(view),
      ...proposal(content, actions),
    ]);
  }

  /** Goes to a section. */
  reveal(section: TelemetrySection): void {
    this.#links.reveal(section);
  }

  #showRatios(ratios: TelemetryView['ratios']): void {
    this.#ratios.node.hidden = ratios === null;
    this.#ratioPicture.hidden = ratios === null;
    this.#noRatios.textContent = ratios === null ? noEvidence() : '';
    this.#quantiles.update([ratios], () => [ratios === null ? null : quantileTable(ratios)]);
    if (ratios !== null) this.#ratios.show(ratios);
  }

  #showTrend(trend: TelemetryView['trend']): void {
    this.#trend.node.hidden = trend === null;
    this.#trendPicture.hidden = trend === null;
    this.#trendTable.node.hidden = trend === null;
    this.#noTrend.textContent = trend === null ? noTrend() : '';
    if (trend === null) return;
    this.#trend.show(trend);
    this.#trendTable.show([trend], () => trendTable(trend));
  }

  #layOut(): HTMLElement {
    this.#ratioPicture.append(
      pictureButtons(
        { id: 'distribution', title: titles().distribution, figure: this.#ratios.node },
        this.#actions,
      ),
    );
    this.#trendPicture.append(
      pictureButtons(
        { id: 'trend', title: t`Trend of actual / predicted`, figure: this.#trend.node },
        this.#actions,
      ),
    );
    const sections = [
      pageSection(
        'overview',
        t`Overview`,
        { bare: true },
        this.#change.node,
        this.#gates.node,
        this.#next.node,
      ),
      html(
        'div',
        { class: 'columns' },
        pageSection(
          'predictions',
          titles().predictions,
          {},
          this.#key.node,
          this.#scatter.node,
          pictureButtons(
            {
              id: 'predictions',
              title: titles().predictions,
              figure: this.#scatter.node,
              svg: () => this.#scatter.svg(titles().predictions),
            },
            this.#actions,
          ),
          this.#points.node,
        ),
        this.#figures.node,
      ),
      html(
        'div',
        { class: 'halves' },
        pageSection(
          'distribution',
          titles().distribution,
          {},
          this.#noRatios,
          this.#ratios.node,
          this.#ratioPicture,
          this.#quantiles.node,
        ),
        pageSection(
          'trend',
          titles().trend,
          {},
          this.#noTrend,
          this.#trend.node,
          this.#trendPicture,
          this.#trendTable.node,
        ),
      ),
      pageSection('groups', t`Groups`, {}, this.#groups.node),
      pageSection('models', t`Models`, {}, this.#models.node),
      pageSection('comparison', t`Compare two samples`, {}, this.#comparison.node),
      pageSection('suspects', t`Suspect samples`, {}, this.#suspects.node),
      pageSection('coverage', t`Coverage`, {}, this.#coverage.node),
      pageSection('proposal', t`Calibration proposal`, {}, this.#proposal.node),
    ];
    return html('div', { class: 'report' }, this.#links.node, ...sections);
  }
}

const titles = (): Readonly<Record<PictureOf, string>> => ({
  predictions: t`Predicted against actual output tokens`,
  distribution: t`Distribution of actual / predicted`,
  trend: t`Trend`,
});

const noEvidence = (): string =>
  t`None of these samples is clean, so they do not tell how many tokens are needed.`;
const noTrend = (): string => t`There are too few clean samples with a time among these to show a trend.`;
