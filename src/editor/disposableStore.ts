import type * as vscode from 'vscode';

/** Owns disposables and disposes them with itself, in reverse order. */
export class DisposableStore implements vscode.Disposable {
  readonly #owned: vscode.Disposable[] = [];
  #isDisposed = false;

  /** Takes ownership and returns the argument; disposes it at once if the store itself has been disposed. */
  add<T extends vscode.Disposable>(owned: T): T {
    if (this.#isDisposed) owned.dispose();
    else this.#owned.push(owned);
    return owned;
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const owned of this.#owned.splice(0).reverse()) owned.dispose();
  }
}
