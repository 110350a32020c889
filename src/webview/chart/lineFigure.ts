import uPlot from 'uplot';
import { t } from '../../core/text/l10n.ts';
import { html, replaceContent } from '../elements/dom.ts';
import { ChartTooltip } from './chartTooltip.ts';
import { nextStop } from './pointSearch.ts';
import type { PointWords } from './pointWords.ts';
import { readThemeColors, onThemeChange, type ThemeColors } from './themeColors.ts';

/** A place on a line that can be pointed at or walked to, and what there is to say about it. */
export interface LineStop {
  readonly x: number;
  readonly y: number;
  readonly words: PointWords;
}

/** What makes one figure different from another. */
export interface LineFigureOptions {
  /** Unique on the page. */
  readonly id: string;
  /** What it shows, for assistive technology. */
  readonly label: string;
  /** What is drawn how: the class of the mark, and what it stands for. */
  readonly keys: readonly { readonly mark: string; readonly name: string }[];
  readonly plot: (colors: () => ThemeColors) => Omit<uPlot.Options, 'width' | 'height'>;
}

/** A line chart as a figure: pointing, keys, tooltip, and its text alternative. */
export class LineFigure {
  readonly node: HTMLElement;
  readonly #options: LineFigureOptions;
  readonly #stage: HTMLElement;
  readonly #words: HTMLElement;
  readonly #spoken = html('p', { class: 'hidden', 'aria-live': 'polite' });
  #colors = readThemeColors();
  #plot: uPlot | null = null;
  #tooltip: ChartTooltip | null = null;
  #stops: readonly LineStop[] = [];
  #current: number | null = null;

  constructor(options: LineFigureOptions) {
    this.#options = options;
    const { id, label, keys } = options;
    this.#words = html('figcaption', { id: `${id}-words` });
    this.#stage = html('div', {
      class: 'stage line',
      tabindex: 0,
      role: 'application',
      'aria-roledescription': t`line chart`,
      'aria-label': `${label} ${t`Arrow keys move along it.`}`,
      'aria-describedby': `${id}-words`,
    });
    const key = keys.map(({ mark, name }) => html('li', {}, html('span', { class: mark }), name));
    this.node = html(
      'div',
      {},
      html('ul', { class: 'line-key' }, ...key),
      html('figure', {}, this.#stage, this.#words, this.#spoken),
    );
    this.#listen();
    onThemeChange(() => {
      this.#colors = readThemeColors();
      this.#plot?.redraw(false, true);
    });
    new ResizeObserver(() => this.#fit()).observe(this.#stage);
  }

  /** `stops` by rising x. */
  show(data: uPlot.AlignedData, stops: readonly LineStop[], words: string): void {
    this.#stops = stops;
    this.#select(null);
    replaceContent(this.#words, words);
    if (this.#plot === null) {
      const options = { ...this.#options.plot(() => this.#colors), width: 600, height: 260 };
      this.#plot = new uPlot(options, data, this.#stage);
      this.#tooltip = new ChartTooltip(this.#plot.over);
    } else this.#plot.setData(data);
    this.#fit();
  }

  #fit(): void {
    const width = this.#stage.clientWidth;
    if (width === 0) return;
    this.#select(null);
    this.#plot?.setSize({ width, height: Math.round(Math.max(220, Math.min(width * 0.55, 300))) });
  }

  #listen(): void {
    this.#stage.addEventListener('pointermove', (event) => this.#select(this.#under(event)));
    for (const leaving of ['pointerleave', 'blur']) {
      this.#stage.addEventListener(leaving, () => this.#select(null));
    }
    this.#stage.addEventListener('keydown', (event) => {
      const next = nextStop(event.key, this.#current, this.#stops.length);
      if (next === null && event.key !== 'Escape') return;
      this.#select(next);
      this.#speak();
      event.preventDefault();
    });
  }

  #under({ clientX }: MouseEvent): number | null {
    if (this.#plot === null || this.#stops.length === 0) return null;
    const plot = this.#plot;
    const left = clientX - plot.over.getBoundingClientRect().left;
    const distance = (at: number): number => Math.abs(plot.valToPos(this.#stops[at]?.x ?? NaN, 'x') - left);
    return this.#stops.reduce((nearest, _, at) => (distance(at) < distance(nearest) ? at : nearest), 0);
  }

  #select(at: number | null): void {
    this.#current = at;
    const stop = at === null ? undefined : this.#stops[at];
    if (stop === undefined || this.#plot === null) this.#tooltip?.hide();
    else {
      const plot = this.#plot;
      this.#tooltip?.show(stop.words, plot.valToPos(stop.x, 'x'), plot.valToPos(stop.y, 'y'));
    }
  }

  #speak(): void {
    const stop = this.#current === null ? undefined : this.#stops[this.#current];
    if (stop !== undefined) replaceContent(this.#spoken, [stop.words.title, ...stop.words.lines].join('. '));
  }
}
