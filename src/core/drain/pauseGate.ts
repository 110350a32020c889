/** Lets a drain be paused: the phase under way is finished, and no other begun until the gate is opened again. */
export class PauseGate {
  #closed: { readonly opened: Promise<void>; readonly open: () => void } | null = null;

  get isClosed(): boolean {
    return this.#closed !== null;
  }

  close(): void {
    if (this.#closed !== null) return;
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    this.#closed = { opened, open };
  }

  open(): void {
    this.#closed?.open();
    this.#closed = null;
  }

  /** Resolves once the gate is open, or when the signal fires. */
  async passed(signal: AbortSignal): Promise<void> {
    while (this.#closed !== null && !signal.aborted) {
      const { opened } = this.#closed;
      await new Promise<void>((resolve) => {
        const end = (): void => {
          signal.removeEventListener('abort', end);
          resolve();
        };
        signal.addEventListener('abort', end);
        void opened.then(end);
      });
    }
  }
}
