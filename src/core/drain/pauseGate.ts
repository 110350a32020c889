/** Lets a drain be paused: the phase under way is finished, and no other begun until the gate is opened again. */
export class PauseGate {
  #closed: { readonly opened: Promise<void>; readonly open: () => void } | null = null;
  #hear: ((isClosed: boolean) => void) | null = null;

  get isClosed(): boolean {
    return this.#closed !== null;
  }

  close(): void {
    if (this.#closed !== null) return;
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    this.#closed = { opened, open };
    this.#hear?.(true);
  }

  open(): void {
    if (this.#closed === null) return;
    const { open } = this.#closed;
    this.#closed = null;
    open();
    this.#hear?.(false);
  }

  /** Tells its drain of every change; `null` ends that. */
  watch(hear: ((isClosed: boolean) => void) | null): void {
    this.#hear = hear;
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
