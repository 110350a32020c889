import { printableLines } from '../core/text/printable.ts';

type Attribute = string | number | boolean | null | ((event: Event) => void);
/** Attributes by name: `null` and `false` leave one out, a function listens to the event after `on`. */
export type Attributes = Readonly<Record<string, Attribute>>;
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
