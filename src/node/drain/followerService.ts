import type { DrainRequestMessage } from '../../protocol/drainProtocol.ts';
import {
  longestPiece,
  type FollowerAnswer,
  type FollowerRequest,
  type FollowerRequestKind,
} from '../../protocol/followerProtocol.ts';

/** What a program serves that follows a drain. */
export interface FollowerService {
  readonly kinds: readonly FollowerRequestKind[];
  /**
   * Serves one request; the signal fires once nobody wants its answer any more. `onText` takes the text of a model as it
   * comes. What it throws tells the drain that it cannot.
   */
  serve(
    request: FollowerRequest,
    signal: AbortSignal,
    onText: (text: string) => void,
  ): Promise<FollowerAnswer>;
}

/** Serves the requests of one drain, each under its id. */
export class FollowerServing {
  readonly #service: FollowerService;
  readonly #send: (message: DrainRequestMessage) => void;
  readonly #underWay = new Map<number, AbortController>();

  constructor(service: FollowerService, send: (message: DrainRequestMessage) => void) {
    this.#service = service;
    this.#send = send;
  }

  /** Announces to the drain what is served here. */
  begin(): void {
    this.#send({ kind: 'serves', kinds: [...this.#service.kinds] });
  }

  take(id: number, request: FollowerRequest): void {
    const wanted = new AbortController();
    this.#underWay.set(id, wanted);
    void this.#serve(id, request, wanted.signal).finally(() => this.#underWay.delete(id));
  }

  /** The answer to a request is not wanted any more. */
  withdraw(id: number): void {
    this.#underWay.get(id)?.abort();
  }

  /** The drain is gone: nothing is wanted any more. */
  end(): void {
    for (const wanted of this.#underWay.values()) wanted.abort();
  }

  async #serve(id: number, request: FollowerRequest, signal: AbortSignal): Promise<void> {
    const onText = (text: string): void => {
      if (signal.aborted) return;
      for (let start = 0; start < text.length; start += longestPiece) {
        this.#send({ kind: 'text', id, text: text.slice(start, start + longestPiece) });
      }
    };
    let answer: FollowerAnswer;
    try {
      answer = await this.#service.serve(request, signal, onText);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      answer = { kind: 'unable', message: message.slice(0, 500) };
    }
    if (!signal.aborted) this.#send({ kind: 'answer', id, answer });
  }
}
