import { printable } from '../core/text/printable.ts';
import { cutToWidth } from './displayWidth.ts';

/** Returns to the head of the line, and erases to its end (ECMA-48, EL). */
const eraseLine = '\r\u001b[K';

/** A last line of a terminal that is written again and again, below what else is printed. */
export class StatusLine {
  readonly #write: (text: string) => void;
  readonly #columns: () => number;
  #shown = '';

  /** `write` goes to the terminal as it is; `columns` says how wide that is now. */
  constructor(write: (text: string) => void, columns: () => number) {
    this.#write = write;
    this.#columns = columns;
  }

  /** Puts a text, which need not be safe to show, in place of the one before; an empty one leaves nothing. */
  show(text: string): void {
    if (text === '' && this.#shown === '') return;
    this.#shown = text;
    this.#write(eraseLine + this.#line());
  }

  /** Prints lines, safe to show and ending with a line break, above it. */
  printAbove(lines: string): void {
    this.#write(this.#shown === '' ? lines : eraseLine + lines + this.#line());
  }

  /** Nothing in the last column: a terminal might go on to the next line. */
  #line(): string {
    return cutToWidth(printable(this.#shown, Infinity), Math.max(1, this.#columns() - 1));
  }
}
