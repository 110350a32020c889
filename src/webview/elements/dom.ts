import { printableLines } from '../../core/text/printable.ts';

type Attribute = string | number | boolean | null | ((event: Event) => void);
/** Attributes by name: `null` and `false` leave one out, a function listens to the event after `on`. */
type Attributes = Readonly<Record<string, Attribute>>;
/** What an element can hold; `null` and `false` leave a place empty. */
export type Child = Node | string | null | false;

const svgNamespace = 'http://www.w3.org/2000/svg';

/** Makes an HTML element. Text is always text, and printable: nothing from the data is read as HTML. */
export function html<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  fill(element, attributes, children);
  return element;
}

/** Makes an SVG element. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS(svgNamespace, tag);
  fill(element, attributes, children);
  return element;
}

/** Puts new content in place of the old; focus and scrolling stay with the elements of the same `data-key`. */
export function replaceContent(container: Element, ...children: readonly Child[]): void {
  const keyed = (): HTMLElement[] => [...container.querySelectorAll<HTMLElement>('[data-key]')];
  const before = keyed().map((element) => ({
    key: element.dataset.key,
    focused: element === document.activeElement,
    left: element.scrollLeft,
    top: element.scrollTop,
  }));
  container.replaceChildren(...present(children));
  const after = new Map(keyed().map((element) => [element.dataset.key, element]));
  for (const { key, focused, left, top } of before) {
    const element = after.get(key);
    if (focused) element?.focus({ preventScroll: true });
    if (left > 0 || top > 0) element?.scrollTo({ left, top, behavior: 'instant' });
  }
}

/** Attributes that people read or hear. */
const spoken = ['title', 'aria-label', 'placeholder'];

function fill(element: Element, attributes: Attributes, children: readonly Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.replace(/^on/, ''), value);
    // ARIA writes its booleans out; in HTML they are there or not.
    else if (spoken.includes(name) && typeof value === 'string')
      element.setAttribute(name, printableLines(value));
    else if (name.startsWith('aria-') && value !== null) element.setAttribute(name, String(value));
    else if (value === true) element.setAttribute(name, '');
    else if (value !== null && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...present(children));
}

function present(children: readonly Child[]): (Node | string)[] {
  return children
    .filter((child) => child !== null && child !== false)
    .map((child) => (typeof child === 'string' ? printableLines(child) : child));
}

/** Drawn on a grid of 16 x 16, stroked in the colour of the text. */
const shapes = {
  passed: 'M3 8.5 6.5 12 13 4.5',
  missed: 'M4 4l8 8M12 4l-8 8',
  unknown: 'M4 8h8',
  up: 'M8 12.5v-9M4.5 7 8 3.5 11.5 7',
  down: 'M8 3.5v9M4.5 9 8 12.5 11.5 9',
  warning: 'M8 2.5 14 13H2ZM8 6.5v3M8 11v.5',
} as const;

/** The name of an icon. */
export type IconName = keyof typeof shapes;

/** A small icon beside words that say the same: assistive technology passes over it. */
export function icon(name: IconName): SVGSVGElement {
  return svg(
    'svg',
    { class: 'icon', viewBox: '0 0 16 16', 'aria-hidden': true },
    svg('path', { d: shapes[name] }),
  );
}

/**
 * A part of the page that is built anew only when what it is built from changed, so that a refresh neither
 * takes away what a person is typing nor has a screen reader repeat what it said.
 */
export class Region {
  readonly node: HTMLElement;
  #builtFrom: readonly unknown[] | null = null;

  constructor(attributes: Attributes = {}, tag: 'div' | 'header' | 'aside' = 'div') {
    this.node = html(tag, attributes);
  }

  /** `from` is all that `build` uses, compared one by one. */
  update(from: readonly unknown[], build: () => readonly Child[]): void {
    const old = this.#builtFrom;
    if (old?.length === from.length && from.every((value, index) => Object.is(value, old[index]))) return;
    this.#builtFrom = from;
    replaceContent(this.node, ...build());
  }
}
