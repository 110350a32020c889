import type { TelemetryView } from '../core/telemetry/telemetryView.ts';
import { chartKey } from './chart/chartKey.ts';
import { PointTable } from './chart/pointTable.ts';
import { ScatterFigure } from './chart/scatterFigure.ts';
import { html } from './dom.ts';
import type { PageModel } from './pageModel.ts';
import type { PageState } from './pageState.ts';
import { failure, noDatabase, noSamples, nothingAnalysed } from './parts/emptyState.ts';
import { figureList } from './parts/figureList.ts';
import { gateCards } from './parts/gateCards.ts';
import { groupTable } from './parts/groupTable.ts';
import { nextStepsList } from './parts/nextStepsList.ts';
import { notices } from './parts/notices.ts';
import type { PageActions } from './parts/pageActions.ts';
import { pageHeader } from './parts/pageHeader.ts';
import { qualityList } from './parts/qualityList.ts';
import { toolbar } from './parts/toolbar.ts';
import { Region } from './region.ts';

/** The page's elements, and how they show a model and a state. */
export class PageView {
  readonly #root: HTMLElement;
  readonly #actions: PageActions;
  readonly #header = new Region({}, 'header');
  readonly #status = html('p', { class: 'hidden', role: 'status' });
  readonly #toolbar = new Region({ class: 'toolbar', role: 'group', 'aria-label': 'What to analyse' });
  readonly #notices = new Region({ class: 'notices', role: 'alert' });
  readonly #empty = new Region();
  readonly #gates = new Region();
  readonly #next = new Region();
  readonly #key = new Region();
  readonly #figures = new Region({ 'aria-label': 'Figures' }, 'aside');
  readonly #groups = new Region();
  readonly #figure: ScatterFigure;
  readonly #points: PointTable;
  readonly #report: HTMLElement;

  constructor(root: HTMLElement, state: PageState, actions: PageActions) {
    this.#root = root;
    this.#actions = actions;
    this.#figure = new ScatterFigure((phase) => actions.openPhase(phase));
    this.#points = new PointTable(state.pointsOpen, actions);
    this.#report = this.#layOut();
    const parts = [this.#header.node, this.#toolbar.node, this.#status, this.#notices.node, this.#empty.node];
    root.replaceChildren(...parts, this.#report);
  }

  render(model: PageModel, state: PageState): void {
    const { busy, content, database, notice } = model;
    const analysis = content.kind === 'report' ? content.view.analysis : null;
    const actions = this.#actions;
    this.#root.setAttribute('aria-busy', String(busy));
    this.#status.textContent = busy ? 'Analysing the telemetry' : '';
    this.#header.update([database, content], () => pageHeader(model));
    this.#notices.update([notice, content], () => notices(model));
    const synthetic = (analysis?.synthetic ?? 0) > 0;
    this.#toolbar.update([state.options, synthetic], () => toolbar(state.options, synthetic, actions));
    this.#toolbar.node.hidden = analysis === null || analysis.samples === 0;
    this.#empty.update([content, database], () => [this.#emptyState(model)]);
    this.#report.hidden = analysis === null || analysis.analysed === 0;
    if (content.kind === 'report' && !this.#report.hidden) this.#renderReport(content.view, state);
  }

  #renderReport(view: TelemetryView, state: PageState): void {
    const { analysis } = view;
    const { hiddenCategories, groupSort } = state;
    const actions = this.#actions;
    this.#gates.update([analysis], () => [gateCards(analysis.gates)]);
    this.#next.update([analysis], () => [nextStepsList(analysis, actions)]);
    this.#key.update([view, hiddenCategories], () => [chartKey(view, hiddenCategories, actions)]);
    this.#figures.update([analysis], () => [figureList(analysis), qualityList(analysis.quality)]);
    this.#groups.update([analysis, groupSort], () => [groupTable(analysis, groupSort, actions)]);
    this.#points.show(view);
    this.#figure.show(view, hiddenCategories);
  }

  #emptyState({ content, database }: PageModel): Node | null {
    switch (content.kind) {
      case 'loading':
        return html('p', { class: 'loading' }, 'Reading the telemetry…');
      case 'no-database':
        return noDatabase(this.#actions);
      case 'failed':
        return failure(content.error, this.#actions);
      case 'report': {
        const { analysis } = content.view;
        if (analysis.samples === 0) return noSamples(database, this.#actions);
        return analysis.analysed === 0 ? nothingAnalysed(analysis, this.#actions) : null;
      }
    }
  }

  #layOut(): HTMLElement {
    const chart = html(
      'section',
      { class: 'card chart', 'aria-labelledby': 'chart-title' },
      html('h2', { id: 'chart-title' }, 'Predicted against actual output tokens'),
      this.#key.node,
      this.#figure.node,
      this.#points.node,
    );
    const groups = html(
      'section',
      { class: 'card', 'aria-labelledby': 'groups-title' },
      html('h2', { id: 'groups-title' }, 'Groups'),
      this.#groups.node,
    );
    return html(
      'div',
      { class: 'report' },
      this.#gates.node,
      this.#next.node,
      html('div', { class: 'columns' }, chart, this.#figures.node),
      groups,
    );
  }
}
