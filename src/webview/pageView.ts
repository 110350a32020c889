import type { TelemetryView } from '../core/telemetry/telemetryView.ts';
import { chartKey } from './chart/chartKey.ts';
import { PointTable } from './chart/pointTable.ts';
import { ScatterFigure } from './chart/scatterFigure.ts';
import { html, replaceContent } from './dom.ts';
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

/** The page's elements, and how they show a model and a state. */
export class PageView {
  readonly #root: HTMLElement;
  readonly #actions: PageActions;
  readonly #header = html('header');
  readonly #status = html('p', { class: 'hidden', role: 'status' });
  readonly #toolbar = html('div', { class: 'toolbar', role: 'group', 'aria-label': 'What to analyse' });
  readonly #notices = html('div', { class: 'notices', role: 'alert' });
  readonly #empty = html('div');
  readonly #gates = html('div');
  readonly #next = html('div');
  readonly #key = html('div');
  readonly #groups = html('div');
  readonly #aside = html('aside', { 'aria-label': 'Figures' });
  readonly #figure: ScatterFigure;
  readonly #points: PointTable;
  readonly #report: HTMLElement;
  #drawn: { readonly view: TelemetryView; readonly hidden: readonly string[] } | null = null;

  constructor(root: HTMLElement, state: PageState, actions: PageActions) {
    this.#root = root;
    this.#actions = actions;
    this.#figure = new ScatterFigure((phase) => actions.openPhase(phase));
    this.#points = new PointTable(state.pointsOpen, actions);
    this.#report = this.#layOut();
    root.replaceChildren(this.#header, this.#toolbar, this.#status, this.#notices, this.#empty, this.#report);
  }

  render(model: PageModel, state: PageState): void {
    const { content } = model;
    this.#root.setAttribute('aria-busy', String(model.busy));
    this.#status.textContent = model.busy ? 'Analysing the telemetry' : '';
    replaceContent(this.#header, ...pageHeader(model));
    replaceContent(this.#notices, ...notices(model));
    const synthetic = content.kind === 'report' ? content.view.analysis.synthetic : 0;
    replaceContent(this.#toolbar, ...toolbar(state, synthetic, this.#actions));
    this.#toolbar.hidden = content.kind !== 'report' || content.view.analysis.samples === 0;
    replaceContent(this.#empty, this.#emptyState(model));
    this.#report.hidden = content.kind !== 'report' || content.view.analysis.analysed === 0;
    if (content.kind === 'report' && !this.#report.hidden) this.#renderReport(content.view, state);
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

  #renderReport(view: TelemetryView, state: PageState): void {
    const { analysis } = view;
    replaceContent(this.#gates, gateCards(analysis.gates));
    replaceContent(this.#next, nextStepsList(analysis, this.#actions));
    replaceContent(this.#key, chartKey(view, state, this.#actions));
    replaceContent(this.#aside, figureList(analysis), qualityList(analysis.quality));
    replaceContent(this.#groups, groupTable(analysis, state, this.#actions));
    this.#points.show(view);
    const { hiddenCategories: hidden } = state;
    if (this.#drawn?.view === view && this.#drawn.hidden === hidden) return;
    this.#drawn = { view, hidden };
    this.#figure.show(view, new Set(hidden));
  }

  #layOut(): HTMLElement {
    const chart = html(
      'section',
      { class: 'card chart', 'aria-labelledby': 'chart-title' },
      html('h2', { id: 'chart-title' }, 'Predicted against actual output tokens'),
      this.#key,
      this.#figure.node,
      this.#points.node,
    );
    const groups = html(
      'section',
      { class: 'card', 'aria-labelledby': 'groups-title' },
      html('h2', { id: 'groups-title' }, 'Groups'),
      this.#groups,
    );
    return html(
      'div',
      { class: 'report' },
      this.#gates,
      this.#next,
      html('div', { class: 'columns' }, chart, this.#aside),
      groups,
    );
  }
}
