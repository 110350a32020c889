import { connect, type Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { applyProgress, type DrainProgress, type LiveDrain } from '../../core/drain/drainProgress.ts';
import type { DrainSummary } from '../../core/drain/drainSummary.ts';
import { deserializeError } from '../../core/errors.ts';
import {
  drainProtocolVersion,
  drainReply,
  drainReplyVersion,
  type DrainControl,
  type DrainReply,
  type DrainRequestMessage,
} from '../../protocol/drainProtocol.ts';
import { FollowerServing, type FollowerService } from './followerService.ts';

/** The longest message of a drain, in characters: all its results may be in one. */
const longestReply = 256 * 1024 * 1024;
/** How long a drain may take to say hello, in ms: it is busy, but never for long. */
const helloMs = 10_000;

/** How following a drain ended. `lost`: the drain has died, or the link was cut. `let-go`: by {@link DrainClient.close}. */
export type FollowEnd =
  | { readonly kind: 'stopped'; readonly summary: DrainSummary }
  | { readonly kind: 'failed'; readonly error: Error }
  | { readonly kind: 'lost' }
  | { readonly kind: 'let-go' };

/** Called when the state of a followed drain changes, with the progress that changed it, if any. */
export type FollowListener = (live: LiveDrain, progress: DrainProgress | null) => void;

/** Follows a drain in another process. */
export class DrainClient {
  /** Resolves when no more messages come. */
  readonly ended: Promise<FollowEnd>;
  readonly #socket: Socket;
  readonly #onChange: FollowListener;
  readonly #serving: FollowerServing | null;
  #live: LiveDrain | null = null;
  #end: FollowEnd | null = null;
  #onHello: (outcome: Error | null) => void = () => undefined;

  private constructor(path: string, onChange: FollowListener, service: FollowerService | null) {
    this.#onChange = onChange;
    this.#serving = service === null ? null : new FollowerServing(service, (message) => this.#write(message));
    this.#socket = connect(path);
    this.ended = new Promise((resolve) => {
      this.#socket.on('close', () => {
        this.#serving?.end();
        this.#onHello(new Error(`The drain at ${path} said nothing.`));
        resolve(this.#end ?? { kind: 'lost' });
      });
    });
    this.#socket.on('error', (error) => this.#onHello(error));
    readMessages(this.#socket, {
      longest: longestReply,
      onMessage: (message) => this.#take(message),
      onGarbage: (why) => this.#refuse(new Error(`The drain at ${path} sent ${why}.`)),
    });
  }

  /**
   * Resolves once the drain has said how it stands. Rejects where no drain listens, or one of another version. `service`
   * serves what the drain asks of its followers.
   */
  static async connect(
    path: string,
    onChange: FollowListener,
    service: FollowerService | null = null,
  ): Promise<DrainClient> {
    const follower = new DrainClient(path, onChange, service);
    await new Promise<void>((resolve, reject) => {
      const tired = setTimeout(() => {
        follower.#refuse(new Error(`The drain at ${path} does not answer.`));
      }, helloMs);
      follower.#onHello = (problem) => {
        clearTimeout(tired);
        if (problem === null) resolve();
        else reject(problem);
      };
    });
    return follower;
  }

  get live(): LiveDrain {
    if (this.#live === null) throw new Error('A follower is handed out after the hello.');
    return this.#live;
  }

  /** Sends a request to the drain; what comes of it arrives as progress. */
  send(request: DrainControl): void {
    this.#write(request);
  }

  /** Lets go of the drain, which goes on. */
  close(): void {
    this.#end ??= { kind: 'let-go' };
    this.#socket.destroy();
  }

  #write(message: DrainRequestMessage): void {
    if (this.#socket.writable) this.#socket.write(messageLine(message));
  }

  #refuse(why: Error): void {
    this.#onHello(why);
    this.#socket.destroy();
  }

  #take(message: unknown): void {
    const reply = drainReply.safeParse(message);
    if (reply.success && (this.#live !== null || reply.data.kind === 'hello')) {
      this.#onReply(reply.data);
      return;
    }
    const other = drainReplyVersion.safeParse(message);
    const isOther = other.success && other.data.version !== drainProtocolVersion;
    this.#refuse(
      new Error(
        isOther
          ? `The drain speaks version ${other.data.version}, this program version ${drainProtocolVersion}.`
          : 'The drain sent an invalid message.',
      ),
    );
  }

  #onReply(reply: DrainReply): void {
    switch (reply.kind) {
      case 'hello':
        this.#live = reply.live;
        this.#onHello(null);
        this.#serving?.begin();
        return;
      case 'progress': {
        const { progress } = reply;
        if (progress.kind === 'stopped') this.#end ??= { kind: 'stopped', summary: progress.summary };
        this.#change(applyProgress(this.live, progress), progress);
        return;
      }
      case 'cancelling':
        this.#change({ ...this.live, isCancelling: true }, null);
        return;
      case 'request':
        this.#serving?.take(reply.id, reply.request);
        return;
      case 'withdrawn':
        this.#serving?.withdraw(reply.id);
        return;
      case 'failed':
        this.#end ??= { kind: 'failed', error: deserializeError(reply.error) };
    }
  }

  #change(live: LiveDrain, progress: DrainProgress | null): void {
    this.#live = live;
    this.#onChange(live, progress);
  }
}

/**
 * Calls `onMessage` with each line that arrives, parsed as JSON, and `onGarbage` where that fails or a line is longer than
 * `longest` characters; it is not called again after that.
 */
export function readMessages(
  socket: Socket,
  {
    longest,
    onMessage,
    onGarbage,
  }: {
    readonly longest: number;
    readonly onMessage: (message: unknown) => void;
    readonly onGarbage: (why: string) => void;
  },
): void {
  const decoder = new StringDecoder('utf8');
  let parts: string[] = [];
  let length = 0;
  const stop = (why: string): void => {
    socket.off('data', take);
    parts = [];
    onGarbage(why);
  };
  const take = (bytes: Buffer): void => {
    const lines = decoder.write(bytes).split('\n');
    for (const [index, text] of lines.entries()) {
      parts.push(text);
      length += text.length;
      if (length > longest) {
        stop(`a message of more than ${longest} characters`);
        return;
      }
      if (index === lines.length - 1) return;
      const line = parts.join('');
      parts = [];
      length = 0;
      let message: unknown;
      try {
        message = JSON.parse(line);
      } catch {
        stop('a message that is no JSON');
        return;
      }
      onMessage(message);
    }
  };
  socket.on('data', take);
}

/** A message as it is sent: one line. */
export function messageLine(message: object): string {
  return `${JSON.stringify(message)}\n`;
}
