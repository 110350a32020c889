import { t } from '../core/text/l10n.ts';
import { FilterBar } from './filters/filterBar.ts';
import { html, Region } from './elements/dom.ts';
import type { TelemetrySection } from '../protocol/telemetryProtocol.ts';
import type { PageModel } from './model/pageModel.ts';
import type { PageState } from './model/pageState.ts';
import { failure, noDatabase, noSamples, nothingAnalysed, noticed, notices } from './parts/emptyState.ts';
import { ExportMenu, pageHeader, toolbar } from './parts/toolbar.ts';
import type { PageActions } from './elements/pageActions.ts';
import { ReportView } from './reportView.ts';

/** The page's elements, and how they show a model and a state. */
export class PageView {
  readonly #root: HTMLElement;
  readonly #actions: PageActions;
  readonly #header = new Region({}, 'header');
  readonly #status = html('p', { class: 'hidden', role: 'status' });
  readonly #toolbar = new Region({ class: 'toolbar', role: 'group', 'aria-label': t`What to analyze` });
  readonly #export: ExportMenu;
  readonly #filters: FilterBar;
  readonly #notices = new Region({ class: 'notices', role: 'alert' });
  readonly #empty = new Region();
  readonly #report: ReportView;
  #notice: PageModel['notice'] = null;
  /** What had the focus when the notice came. */
  #before: Element | null = null;

  constructor(root: HTMLElement, state: PageState, actions: PageActions) {
    this.#root = root;
    this.#actions = actions;
    this.#export = new ExportMenu(actions);
    this.#filters = new FilterBar(actions);
    this.#report = new ReportView(state, actions);
    root.replaceChildren(
      html('div', { class: 'top' }, this.#header.node, this.#export.node),
      this.#toolbar.node,
      this.#filters.node,
      this.#status,
      this.#notices.node,
      this.#empty.node,
      this.#report.node,
    );
  }

  render(model: PageModel, state: PageState): void {
    const { busy, content, database, notice } = model;
    const view = content.kind === 'report' ? content.view : null;
    const analysis = view?.analysis ?? null;
    const actions = this.#actions;
    this.#root.setAttribute('aria-busy', String(busy));
    this.#status.textContent = busy ? t`Analyzing the telemetry` : '';
    this.#header.update([database, view, content.kind], () => pageHeader(model));
    this.#export.node.hidden = analysis === null || analysis.samples === 0;
    if (notice !== null && notice !== this.#notice) this.#before = document.activeElement;
    this.#notice = notice;
    this.#notices.update([notice, ...noticed(content)], () => notices(model, () => this.#dismiss()));
    const synthetic = (analysis?.synthetic ?? 0) > 0;
    this.#toolbar.update([state.options, synthetic], () => toolbar(state.options, synthetic, actions));
    this.#toolbar.node.hidden = analysis === null || analysis.samples === 0;
    this.#filters.node.hidden = this.#toolbar.node.hidden;
    if (view !== null) this.#filters.show(view, state.filter);
    this.#empty.update([content.kind === 'report' ? view : content, database], () => [
      this.#emptyState(model),
    ]);
    this.#report.node.hidden = view === null || view.selected.analysed === 0;
    if (content.kind !== 'report' || this.#report.node.hidden) return;
    this.#report.show(content, state, database?.role === 'legacy');
  }

  /** Goes to a section of the report. */
  reveal(section: TelemetrySection): void {
    this.#report.reveal(section);
  }

  #dismiss(): void {
    this.#actions.dismiss();
    if (this.#before instanceof HTMLElement) this.#before.focus({ preventScroll: true });
  }

  #emptyState({ content, database }: PageModel): Node | null {
    switch (content.kind) {
      case 'loading':
        return html('p', { class: 'loading' }, t`Reading the telemetry…`);
      case 'no-database':
        return noDatabase(this.#actions);
      case 'failed':
        return failure(content.error, this.#actions);
      case 'report': {
        const { analysis, selected, filter } = content.view;
        if (analysis.samples === 0) return noSamples(database, this.#actions);
        return selected.analysed === 0 ? nothingAnalysed(analysis, filter, this.#actions) : null;
      }
    }
  }
}
