import { html } from '../dom.ts';
import type { PageState } from '../pageState.ts';
import { Region } from '../region.ts';
import type { PageActions } from './pageActions.ts';

/** A table that is built only when it is folded out, and stays as a person left it. */
export class FoldedTable {
  readonly node: HTMLDetailsElement;
  readonly #body = new Region();
  #from: readonly unknown[] = [];
  #build: () => Node = () => html('div');

  constructor(name: string, summary: string, { openTables }: PageState, actions: PageActions) {
    this.node = html(
      'details',
      { class: 'folded', open: openTables.includes(name) },
      html('summary', { 'data-key': `table-${name}` }, summary),
      this.#body.node,
    );
    this.node.addEventListener('toggle', () => {
      actions.setTableOpen(name, this.node.open);
      this.#render();
    });
  }

  /** `from` is all that `build` uses. */
  show(from: readonly unknown[], build: () => Node): void {
    this.#from = from;
    this.#build = build;
    this.#render();
  }

  #render(): void {
    if (this.node.open) this.#body.update(this.#from, () => [this.#build()]);
  }
}
