import type { ReaderReply } from '../../protocol/readerProtocol.ts';
import { closeWhenUnlocked, keepLocks } from '../files/deferredClose.ts';

type Message = Extract<ReaderReply, { kind: 'opened' | 'close' | 'keep' | 'let-go' }>;

/** The files that a reader's thread has open, owned by the host's thread, and so closed even when the thread is killed. */
export class ThreadFiles {
  readonly #descriptors = new Set<number>();
  readonly #kept: (() => void)[] = [];

  handle(message: Message): void {
    switch (message.kind) {
      case 'opened':
        this.#descriptors.add(message.descriptor);
        return;
      case 'close':
        if (this.#descriptors.delete(message.descriptor)) closeWhenUnlocked(message.descriptor);
        return;
      case 'keep':
        this.#kept.push(keepLocks());
        return;
      case 'let-go':
        this.#kept.pop()?.();
    }
  }

  /** Once the thread has ended. */
  dispose(): void {
    for (const descriptor of this.#descriptors) closeWhenUnlocked(descriptor);
    this.#descriptors.clear();
    for (const letGo of this.#kept.splice(0)) letGo();
  }
}
