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

  /** Disposes what it owns, and can own again. */
  clear(): void {
    for (const owned of this.#owned.splice(0).reverse()) owned.dispose();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.clear();
  }
}

/** Runs a task whenever asked, never twice at once: what is asked for while it runs shares one more run. */
export class CoalescedTask {
  readonly #task: () => Promise<void>;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(task: () => Promise<void>) {
    this.#task = task;
  }

  /** Resolves when a run that began after this call has ended. */
  run(): Promise<void> {
    if (this.#running === undefined) return this.#start();
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.run();
      });
    return this.#next;
  }

  #start(): Promise<void> {
    this.#running = this.#task().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }
}
