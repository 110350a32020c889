import type * as vscode from 'vscode';

/** Owns what must be let go of with it; lets go in the reverse order. */
export class DisposableStore implements vscode.Disposable {
  readonly #owned: vscode.Disposable[] = [];

  /** Takes the thing over and gives it back. */
  add<T extends vscode.Disposable>(owned: T): T {
    this.#owned.push(owned);
    return owned;
  }

  dispose(): void {
    for (const owned of this.#owned.splice(0).reverse()) owned.dispose();
  }
}
