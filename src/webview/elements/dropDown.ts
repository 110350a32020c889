import { t } from '../../core/text/l10n.ts';
import { printableLines } from '../../core/text/printable.ts';
import { html, replaceContent } from './dom.ts';

/** A button that unfolds a small panel, and folds it again on Escape or when the focus or the pointer goes elsewhere. */
export class DropDown {
  readonly node: HTMLDetailsElement;
  readonly panel: HTMLElement;
  readonly #label: string;
  readonly #chosen = html('span', { class: 'chosen' });
  readonly #summary: HTMLElement;

  constructor(label: string) {
    this.#label = label;
    this.panel = html('div', { class: 'panel', role: 'group', 'aria-label': label });
    this.#summary = html('summary', { 'data-key': `filter-${label}` }, label, this.#chosen);
    this.node = html('details', { class: 'drop-down' }, this.#summary, this.panel);
    this.node.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.node.open) this.close();
    });
    this.node.addEventListener('focusout', ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !this.node.contains(relatedTarget)) this.node.open = false;
    });
    document.addEventListener('pointerdown', ({ target }) => {
      if (target instanceof Node && !this.node.contains(target)) this.node.open = false;
    });
  }

  /** Folds it, and leaves the focus on its button. */
  close(): void {
    this.node.open = false;
    this.#summary.focus();
  }

  /** Says beside the label what is chosen; empty for nothing. */
  say(chosen: string): void {
    replaceContent(this.#chosen, chosen);
    this.#summary.title = printableLines(`${this.#label}: ${chosen === '' ? t`all` : chosen}`);
    this.node.classList.toggle('restricts', chosen !== '');
  }
}
