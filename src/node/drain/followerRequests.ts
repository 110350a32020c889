import { CancelledError, UserFacingError } from '../../core/errors.ts';
import type { LoggerPort } from '../../core/ports.ts';
import { t } from '../../core/text/l10n.ts';
import type { DrainReply, DrainRequestMessage } from '../../protocol/drainProtocol.ts';
import type {
  FollowerAnswer,
  FollowerRequest,
  FollowerRequestKind,
} from '../../protocol/followerProtocol.ts';
import { messageLine } from './drainClient.ts';

/** The longest request, as it is sent, in characters: a follower that is let go for its backlog could never read it. */
const longestRequest = 32 * 1024 * 1024;
/** The most text of one model call, in characters. */
const longestText = 16 * 1024 * 1024;

/** A program that follows the drain, as its server knows it. */
export interface Follower {
  readonly send: (reply: DrainReply) => void;
}

/** What a follower sends in answer to requests. */
export type FollowerMessage = Extract<DrainRequestMessage, { kind: 'serves' | 'text' | 'answer' }>;

/** What came of a request. `absent`: nobody was there to serve it; `left`: who served it has gone, or sent too much. */
export type FollowerOutcome = FollowerAnswer | { readonly kind: 'absent' } | { readonly kind: 'left' };

interface Pending {
  readonly id: number;
  readonly request: FollowerRequest;
  readonly askedOf: Set<Follower>;
  /** Said that they cannot. */
  readonly unable: Set<Follower>;
  readonly settle: (outcome: FollowerOutcome) => void;
  readonly onText: (text: string) => void;
  textLength: number;
  timer: NodeJS.Timeout | null;
}

/**
 * What a drain asks of its followers. A decision may be made by any of them, also one that comes later, and the first one
 * counts; a model is called by one of them. Each request is answered once.
 */
export class FollowerRequests {
  readonly #absentMs: number;
  readonly #logger: LoggerPort;
  readonly #serving = new Map<Follower, ReadonlySet<FollowerRequestKind>>();
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;

  /** `absentMs` is how long a request waits for somebody to serve it: a window may be reloading. */
  constructor({ absentMs, logger }: { readonly absentMs: number; readonly logger: LoggerPort }) {
    this.#absentMs = absentMs;
    this.#logger = logger;
  }

  /**
   * Rejects with `CancelledError` at the signal, which withdraws the request, and with `too-large` for one that cannot be
   * sent. `onText` gets the text of a model as it comes.
   */
  async ask(
    request: FollowerRequest,
    signal: AbortSignal,
    onText: (text: string) => void = () => undefined,
  ): Promise<FollowerOutcome> {
    if (signal.aborted) throw new CancelledError(t`The request`);
    if (messageLine(request).length > longestRequest) {
      throw new UserFacingError(
        'too-large',
        t`There is more to show than an editor can.`,
        t`Split the phase.`,
      );
    }
    this.#lastId += 1;
    const id = this.#lastId;
    let onAbort = (): void => undefined;
    try {
      return await new Promise<FollowerOutcome>((resolve, reject) => {
        onAbort = () => reject(new CancelledError(t`The request`));
        signal.addEventListener('abort', onAbort);
        const pending: Pending = {
          ...{ id, request, onText, settle: resolve },
          ...{ askedOf: new Set(), unable: new Set(), textLength: 0, timer: null },
        };
        this.#pending.set(id, pending);
        this.#offer(pending);
      });
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#withdraw(id);
    }
  }

  /** Takes what a follower sends; `false` for what no follower of ours would send. What comes too late is no harm. */
  take(message: FollowerMessage, from: Follower): boolean {
    if (message.kind === 'serves') {
      this.#serving.set(from, new Set(message.kinds));
      for (const pending of this.#pending.values()) this.#offer(pending);
      return true;
    }
    const pending = this.#pending.get(message.id);
    // Withdrawn, or answered by another.
    if (pending === undefined) return message.id <= this.#lastId;
    if (!pending.askedOf.has(from)) return false;
    return message.kind === 'text'
      ? this.#takeText(pending, message.text)
      : this.#takeAnswer(pending, message.answer, from);
  }

  /** Says that a follower has gone. */
  left(follower: Follower): void {
    this.#serving.delete(follower);
    for (const pending of this.#pending.values()) {
      if (!pending.askedOf.delete(follower)) continue;
      // Nobody knows how far the call had come: making it again is up to whoever pays for it.
      if (pending.request.kind === 'model-call') pending.settle({ kind: 'left' });
      else this.#offer(pending);
    }
  }

  #takeText(pending: Pending, text: string): boolean {
    if (pending.request.kind !== 'model-call') return false;
    pending.textLength += text.length;
    if (pending.textLength > longestText) pending.settle({ kind: 'left' });
    else pending.onText(text);
    return true;
  }

  #takeAnswer(pending: Pending, answer: FollowerAnswer, from: Follower): boolean {
    if (answer.kind === 'unable') {
      this.#logger.warn(`A follower of the drain could not serve a request: ${answer.message}`);
      pending.askedOf.delete(from);
      pending.unable.add(from);
      this.#offer(pending);
      return true;
    }
    if ((answer.kind === 'decision') !== (pending.request.kind === 'approve')) return false;
    pending.settle(answer);
    return true;
  }

  /** Sends a request to whoever may serve it and has not got it; where there is nobody, it waits for a while. */
  #offer(pending: Pending): void {
    const { id, request, askedOf, unable } = pending;
    for (const [follower, kinds] of this.#serving) {
      if (!kinds.has(request.kind) || askedOf.has(follower) || unable.has(follower)) continue;
      if (request.kind === 'model-call' && askedOf.size > 0) break;
      askedOf.add(follower);
      follower.send({ kind: 'request', id, request });
    }
    if (askedOf.size > 0) {
      clearTimeout(pending.timer ?? undefined);
      pending.timer = null;
      return;
    }
    pending.timer ??= setTimeout(() => pending.settle({ kind: 'absent' }), this.#absentMs);
  }

  #withdraw(id: number): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    clearTimeout(pending.timer ?? undefined);
    for (const follower of pending.askedOf) follower.send({ kind: 'withdrawn', id });
  }
}
