import type { PhaseKey } from '../../core/model/phase.ts';
import type { ScatterPoint } from '../../core/telemetry/page/scatterPoints.ts';
import type { TelemetryView } from '../../core/telemetry/page/telemetryView.ts';
import { scatterPicture } from '../../core/telemetry/report/scatterSvg.ts';
import { t } from '../../core/text/l10n.ts';
import { counted, formatCount } from '../../core/text/quantities.ts';
import { html, replaceContent } from '../elements/dom.ts';
import { ChartTooltip } from './chartTooltip.ts';
import { movingKeys, nearestPoint, PointWalk, type MovingKey } from './pointSearch.ts';
import { chartWords, pointWords } from './pointWords.ts';
import { ScatterChart, type BrushedRegion } from './scatterChart.ts';
import { onThemeChange } from './themeColors.ts';

/** How near the pointer must be to a point, in pixels. */
const reach = 18;

/** The scatter plot as a figure: pointing, keys, tooltip, and its text alternative. */
export class ScatterFigure {
  readonly node: HTMLElement;
  readonly #openPhase: (phase: PhaseKey) => void;
  readonly #brushed: (region: BrushedRegion) => void;
  readonly #stage = html('div', {
    class: 'stage',
    tabindex: 0,
    role: 'application',
    'aria-roledescription': t`scatter plot`,
    'aria-label': t`Predicted against actual tokens. Arrow keys move between samples, Enter opens the phase. The tokens filter selects a region.`,
    'aria-describedby': 'chart-words',
  });
  readonly #words = html('figcaption', { id: 'chart-words' });
  readonly #spoken = html('p', { class: 'hidden', 'aria-live': 'polite' });
  #chart: ScatterChart | null = null;
  #tooltip: ChartTooltip | null = null;
  #points: readonly ScatterPoint[] = [];
  #categories: readonly string[] = [];
  #walk = new PointWalk([]);
  #current: number | null = null;
  #shown: TelemetryView | null = null;

  constructor(openPhase: (phase: PhaseKey) => void, brushed: (region: BrushedRegion) => void) {
    this.#openPhase = openPhase;
    this.#brushed = brushed;
    this.node = html('figure', { class: 'scatter' }, this.#stage, this.#words, this.#spoken);
    this.#listen();
    onThemeChange(() => this.#chart?.repaint());
    new ResizeObserver(() => this.#fit()).observe(this.#stage);
  }

  show(view: TelemetryView): void {
    if (this.#shown === view) return;
    this.#shown = view;
    this.#categories = view.categories;
    this.#points = view.points;
    this.#walk = new PointWalk(this.#points);
    this.#select(null);
    this.#chart ??= new ScatterChart(this.#stage, this.#brushed);
    this.#tooltip ??= new ChartTooltip(this.#chart.area);
    this.#fit();
    const { points, density, limits, analysis } = view;
    this.#chart.show({ points, density, limits, underMultiplier: analysis.options.underMultiplier });
    replaceContent(this.#words, chartWords(view));
  }

  /** The points as an SVG document; shades of many samples are left out, as its words say. */
  svg(title: string): string {
    const { points = [], drawable = 0 } = this.#shown ?? {};
    return scatterPicture(points, drawable, title);
  }

  #fit(): void {
    const width = this.#stage.clientWidth;
    if (width === 0) return;
    this.#select(null);
    this.#chart?.resize(width, Math.round(Math.max(280, Math.min(width * 0.68, 520))));
  }

  #listen(): void {
    this.#stage.addEventListener('pointermove', (event) => this.#hover(event));
    this.#stage.addEventListener('pointerleave', () => this.#select(null));
    this.#stage.addEventListener('blur', () => this.#select(null));
    this.#stage.addEventListener('click', (event) => {
      this.#select(this.#under(event));
      this.#open();
    });
    this.#stage.addEventListener('keydown', (event) => {
      if (isMovingKey(event.key)) {
        this.#select(this.#walk.next(this.#current, event.key));
        this.#speak();
      } else if (event.key === 'Enter' || event.key === ' ') this.#open();
      else if (event.key === 'Escape') this.#select(null);
      else return;
      event.preventDefault();
    });
  }

  #hover(event: MouseEvent): void {
    this.#select(this.#under(event));
    if (this.#current !== null || this.#chart === null) return;
    const [left, top] = this.#placeOf(event, this.#chart);
    const cell = this.#chart.cellAt(left, top);
    if (cell === null) return;
    const { samples, predicted, actual } = cell;
    const around = t`Predicted about ${formatCount(predicted)} tokens, used about ${formatCount(actual)}`;
    this.#tooltip?.show({ title: counted(samples, 'sample'), lines: [around] }, left, top);
  }

  #placeOf({ clientX, clientY }: MouseEvent, chart: ScatterChart): readonly [number, number] {
    const { left, top } = chart.area.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }

  #under(event: MouseEvent): number | null {
    if (this.#chart === null) return null;
    // Where marks are few among shades, one far from the pointer is not what it points at.
    const near = this.#shown?.density === null ? reach : reach / 2;
    return nearestPoint(this.#chart.placed, ...this.#placeOf(event, this.#chart), near);
  }

  #select(at: number | null): void {
    this.#current = at;
    const point = at === null ? undefined : this.#points[at];
    this.#stage.classList.toggle('can-open', point?.known === true);
    if (at === null || point === undefined || this.#chart === null) {
      this.#tooltip?.hide();
      return;
    }
    const { left, top } = this.#chart.placed;
    this.#tooltip?.show(pointWords(point, this.#categories), left[at] ?? 0, top[at] ?? 0);
  }

  #speak(): void {
    const point = this.#current === null ? undefined : this.#points[this.#current];
    if (point === undefined) return;
    const { title, lines } = pointWords(point, this.#categories);
    replaceContent(this.#spoken, [title, ...lines].join('. '));
  }

  #open(): void {
    const point = this.#current === null ? undefined : this.#points[this.#current];
    if (point?.known === true) this.#openPhase({ runId: point.runId, phaseId: point.phaseId });
  }
}

function isMovingKey(key: string): key is MovingKey {
  return (movingKeys as readonly string[]).includes(key);
}
