import { html, replaceContent } from '../elements/dom.ts';
import type { PointWords } from './pointWords.ts';

/** A card beside a point, and a ring around it, placed within the plotting area. */
export class ChartTooltip {
  readonly #area: HTMLElement;
  readonly #card = html('div', { class: 'tooltip', 'aria-hidden': true });
  readonly #ring = html('div', { class: 'ring' });

  constructor(area: HTMLElement) {
    this.#area = area;
    this.hide();
    area.append(this.#ring, this.#card);
  }

  /** Shows words at a place in pixels of the area. */
  show({ title, lines }: PointWords, left: number, top: number): void {
    replaceContent(this.#card, html('strong', {}, title), ...lines.map((line) => html('span', {}, line)));
    this.#card.hidden = false;
    this.#ring.hidden = false;
    place(this.#ring, left, top);
    const { clientWidth, clientHeight } = this.#area;
    const { offsetWidth, offsetHeight } = this.#card;
    const beside = left + 14 + offsetWidth <= clientWidth ? left + 14 : left - 14 - offsetWidth;
    const x = Math.max(4 - this.#area.offsetLeft, Math.min(beside, clientWidth - offsetWidth - 4));
    place(this.#card, x, Math.max(4, Math.min(top - offsetHeight / 2, clientHeight - offsetHeight - 4)));
  }

  hide(): void {
    this.#card.hidden = true;
    this.#ring.hidden = true;
  }
}

function place(element: HTMLElement, left: number, top: number): void {
  element.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}
