import { html, replaceContent } from './dom.ts';
import type { Attributes, Child } from './dom.ts';

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
