import * as vscode from 'vscode';

/** A question the extension asked, and the buttons it offered. */
export interface Asked {
  readonly message: string;
  readonly detail: string;
  readonly buttons: readonly string[];
}

/** Stands in for the person before the window: answers dialogs and input boxes, remembers what was asked. */
export class Dialogs {
  readonly asked: Asked[] = [];
  /** What is typed where a line is asked for, as the name of a database; nothing dismisses the question. */
  typed: string | undefined;
  /** Where the next save dialog saves. */
  saveTo: string | undefined;
  /** What happens while a question stands, before its button is pressed. */
  meanwhile: ((asked: Asked) => Promise<void>) | undefined;
  readonly #answers: (string | RegExp)[] = [];
  readonly #originals = new Map<string, PropertyDescriptor>();

  constructor() {
    for (const name of ['showInformationMessage', 'showWarningMessage', 'showErrorMessage'] as const) {
      this.#replace(name, (message: string, ...rest: unknown[]) => this.#answer(message, rest));
    }
    this.#replace('showInputBox', () => Promise.resolve(this.typed));
    this.#replace('showSaveDialog', () =>
      Promise.resolve(this.saveTo === undefined ? undefined : vscode.Uri.file(this.saveTo)),
    );
  }

  /** Presses these buttons, one after the other, as they are offered; whatever else is asked is dismissed. */
  press(...buttons: readonly (string | RegExp)[]): void {
    this.#answers.push(...buttons);
  }

  /** The last question whose message matches. */
  find(message: RegExp): Asked | undefined {
    return this.asked.findLast((asked) => message.test(asked.message));
  }

  dispose(): void {
    for (const [name, original] of this.#originals) Object.defineProperty(vscode.window, name, original);
  }

  async #answer(message: string, rest: readonly unknown[]): Promise<string | undefined> {
    const [options] = rest;
    const detail =
      typeof options === 'object' && options !== null && 'detail' in options ? String(options.detail) : '';
    const buttons = rest.filter((item) => typeof item === 'string');
    const asked = { message, detail, buttons };
    this.asked.push(asked);
    const [next] = this.#answers;
    const pressed = buttons.find((button) => (next instanceof RegExp ? next.test(button) : next === button));
    if (pressed === undefined) return undefined;
    this.#answers.shift();
    await this.meanwhile?.(asked);
    return pressed;
  }

  #replace(name: keyof typeof vscode.window, value: unknown): void {
    const original = Object.getOwnPropertyDescriptor(vscode.window, name);
    if (original !== undefined) this.#originals.set(name, original);
    Object.defineProperty(vscode.window, name, { value, configurable: true, writable: true });
  }
}
