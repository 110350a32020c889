import { contextual, t } from '../../core/text/l10n.ts';
import type { TelemetrySection } from '../../protocol/telemetryProtocol.ts';
import { html, type Child } from '../elements/dom.ts';

/** The sections in their order, with their names in the page's navigation. */
const sections = (): readonly (readonly [TelemetrySection, string])[] => [
  ['overview', t`Overview`],
  ['predictions', t`Predictions`],
  ['distribution', t`Distribution`],
  ['trend', t`Trend`],
  ['groups', t`Groups`],
  ['models', t`Models`],
  ['comparison', t`Compare`],
  ['suspects', contextual('section')`Suspect samples`],
  ['coverage', t`Coverage`],
  ['proposal', t`Proposal`],
];

/** How far below the links a section may begin and be the one that is read, in CSS pixels. */
const readingReach = 24;

/** Links to the sections, at hand wherever one is; the section that is read is marked. One stop of the Tab key, walked by arrows. */
export class SectionLinks {
  readonly node: HTMLElement;
  readonly #list = html('ul');
  readonly #links: readonly (readonly [TelemetrySection, HTMLAnchorElement])[];
  /** What was jumped to last: it is meant where two sections begin side by side, or the page ends below. */
  #jumped: TelemetrySection | null = null;
  #current: TelemetrySection | null = null;

  constructor() {
    this.#links = sections().map(([id, name]) => [id, this.#link(id, name)]);
    this.#list.append(...this.#links.map(([, link]) => html('li', {}, link)));
    this.node = html('nav', { class: 'links', 'aria-label': t`Sections` }, this.#list);
    this.node.addEventListener('keydown', (event) => this.#walk(event));
    window.addEventListener('scroll', () => this.mark(), { passive: true });
    window.addEventListener('resize', () => this.mark());
    this.#setCurrent('overview');
  }

  /** Goes to a section, which gets the focus, so that the keyboard goes on there. */
  reveal(id: TelemetrySection): void {
    const section = document.getElementById(id);
    if (section === null) return;
    this.#jumped = id;
    section.scrollIntoView({ block: 'start' });
    section.focus({ preventScroll: true });
    this.mark();
  }

  /** Marks the section that is read: the last that begins above or a little below the links. */
  mark(): void {
    const line = Math.max(0, this.node.getBoundingClientRect().bottom) + readingReach;
    const places = sections().flatMap(([id]) => {
      const box = document.getElementById(id)?.getBoundingClientRect();
      return box === undefined || box.height === 0 ? [] : [{ id, top: box.top }];
    });
    const read = places.findLast(({ top }) => top <= line) ?? places[0];
    if (read === undefined) return;
    const jumped = places.find(({ id }) => id === this.#jumped);
    const isBeside = jumped !== undefined && Math.abs(jumped.top - read.top) < 1;
    const isBelow = jumped !== undefined && isAtEnd() && jumped.top > line && jumped.top < innerHeight;
    this.#setCurrent(jumped !== undefined && (isBeside || isBelow) ? jumped.id : read.id);
  }

  #link(id: TelemetrySection, name: string): HTMLAnchorElement {
    const go = (event: Event): void => {
      event.preventDefault();
      this.reveal(id);
    };
    return html('a', { href: `#${id}`, tabindex: -1, onclick: go }, name);
  }

  #setCurrent(current: TelemetrySection): void {
    if (current === this.#current) return;
    this.#current = current;
    for (const [id, link] of this.#links) {
      const isCurrent = id === current;
      link.tabIndex = isCurrent ? 0 : -1;
      if (!isCurrent) link.removeAttribute('aria-current');
      else {
        link.setAttribute('aria-current', 'location');
        // Where the links have no room, they scroll; the page itself must not.
        this.#list.scrollTo({ left: link.offsetLeft - this.#list.offsetLeft - readingReach });
      }
    }
  }

  #walk(event: KeyboardEvent): void {
    const links = this.#links.map(([, link]) => link);
    const from = links.findIndex((link) => link === document.activeElement);
    const to = nextLink(event.key, from, links.length);
    if (from === -1 || to === null) return;
    event.preventDefault();
    links[to]?.focus();
  }
}

function isAtEnd(): boolean {
  return innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
}

/** From the last to the first and back, as among tabs; `null` for a key that does not move. */
function nextLink(key: string, from: number, count: number): number | null {
  switch (key) {
    case 'ArrowRight':
      return (from + 1) % count;
    case 'ArrowLeft':
      return (from + count - 1) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}

/** A section under its heading; a bare one has no frame, and its heading is only for assistive technology. */
export function pageSection(
  id: TelemetrySection,
  title: string,
  { bare = false }: { readonly bare?: boolean },
  ...content: readonly Child[]
): HTMLElement {
  return html(
    'section',
    { id, class: bare ? 'bare' : 'card', tabindex: -1, 'aria-labelledby': `${id}-title` },
    html('h2', { id: `${id}-title`, class: bare ? 'hidden' : null }, title),
    ...content,
  );
}
