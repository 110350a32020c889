import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { applyProgress, type DrainProgress, type LiveDrain } from '../../core/drain/drainProgress.ts';
import type { DrainSummary } from '../../core/drain/drainSummary.ts';
import { toStoredResult } from '../../core/drain/hygieneSession.ts';
import { serializeError } from '../../core/errors.ts';
import type { LoggerPort } from '../../core/ports.ts';
import {
  drainProtocolVersion,
  drainRequestMessage,
  type DrainControl,
  type DrainReply,
} from '../../protocol/drainProtocol.ts';
import { messageLine, readMessages } from './drainClient.ts';
import type { Follower, FollowerRequests } from './followerRequests.ts';

/** No message of a follower is longer, in characters: a piece of a model's text, each of them escaped. */
const longestMessage = 128 * 1024;
/** A follower that leaves so much unread (bytes) is let go: its backlog would grow in the drain's memory. */
const mostUnread = 64 * 1024 * 1024;
/** How long followers may take to read the end, in ms. */
const farewellMs = 5000;

/** What a server works with. */
export interface DrainServerParts {
  /** The socket or pipe to listen at. */
  readonly path: string;
  /** The drain as it begins. */
  readonly live: LiveDrain;
  readonly onRequest: (request: DrainControl) => void;
  /** What the drain asks of followers. */
  readonly requests: FollowerRequests;
  readonly logger: LoggerPort;
}

/** Lets any number of programs follow a drain. Whatever they do, or send, is no harm to the drain. */
export class DrainServer {
  readonly #server: Server;
  readonly #logger: LoggerPort;
  readonly #onRequest: (request: DrainControl) => void;
  readonly #requests: FollowerRequests;
  readonly #followers = new Set<Socket>();
  #live: LiveDrain;
  /** What the drain ended with. */
  #last: DrainReply | null = null;
  #onFirst: (() => void) | null = null;
  #hadFollower = false;

  private constructor({ live, onRequest, requests, logger }: DrainServerParts) {
    this.#live = live;
    this.#onRequest = onRequest;
    this.#requests = requests;
    this.#logger = logger;
    this.#server = createServer((socket) => this.#welcome(socket));
  }

  /** Rejects where nobody can listen there. */
  static async listen(parts: DrainServerParts): Promise<DrainServer> {
    const server = new DrainServer(parts);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject);
      server.#server.listen(parts.path, resolve);
    });
    server.#server.on('error', (error) => parts.logger.warn(`Followers of the drain: ${error.message}`));
    return server;
  }

  /** Hands on what the drain tells. */
  notify(event: DrainProgress): void {
    const progress = withExcerpts(event);
    this.#live = applyProgress(this.#live, progress);
    this.#send({ kind: 'progress', progress });
  }

  /** Says that a person has asked for the end. */
  notifyCancelling(): void {
    if (this.#live.isCancelling) return;
    this.#live = { ...this.#live, isCancelling: true };
    this.#send({ kind: 'cancelling' });
  }

  /** Says what the drain threw. */
  fail(error: unknown): void {
    this.#send({ kind: 'failed', error: serializeError(error) });
  }

  /**
   * Ends once every follower has read the end, or had time to. Where nobody has followed yet, somebody may still come
   * within `lingerMs` and learn how it ended.
   */
  async close(lingerMs: number): Promise<void> {
    if (!this.#hadFollower && lingerMs > 0) await this.#firstFollower(lingerMs);
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#followers) socket.end();
    const tired = setTimeout(() => {
      for (const socket of this.#followers) socket.destroy();
    }, farewellMs);
    await closed;
    clearTimeout(tired);
  }

  async #firstFollower(lingerMs: number): Promise<void> {
    const giveUp = new AbortController();
    const first = new Promise<void>((resolve) => (this.#onFirst = resolve));
    const late = wait(lingerMs, undefined, { signal: giveUp.signal }).catch(() => undefined);
    await Promise.race([first, late]);
    giveUp.abort();
  }

  #welcome(socket: Socket): void {
    this.#followers.add(socket);
    this.#hadFollower = true;
    socket.on('error', (error) => this.#logger.debug(`A follower of the drain: ${error.message}`));
    const follower: Follower = { send: (reply) => this.#sendTo(socket, messageLine(reply)) };
    socket.on('close', () => {
      this.#followers.delete(socket);
      this.#requests.left(follower);
    });
    readMessages(socket, {
      longest: longestMessage,
      onMessage: (message) => this.#take(message, socket, follower),
      onGarbage: (why) => this.#dismiss(socket, why),
    });
    socket.write(messageLine({ kind: 'hello', version: drainProtocolVersion, live: this.#live } as const));
    if (this.#last !== null) socket.write(messageLine(this.#last));
    this.#onFirst?.();
  }

  #take(message: unknown, socket: Socket, follower: Follower): void {
    if (socket.destroyed) return;
    const { data } = drainRequestMessage.safeParse(message);
    switch (data?.kind) {
      case 'cancel':
      case 'pause':
      case 'continue':
        this.#onRequest(data);
        return;
      case 'serves':
      case 'text':
      case 'answer':
        if (!this.#requests.take(data, follower)) this.#dismiss(socket, 'it answered what it was not asked');
        return;
      case undefined:
        this.#dismiss(socket, 'it sent an invalid message');
    }
  }

  #dismiss(socket: Socket, why: string): void {
    this.#logger.warn(`A follower of the drain is let go: ${why}.`);
    socket.destroy();
  }

  #send(reply: DrainReply): void {
    if (reply.kind === 'failed' || (reply.kind === 'progress' && reply.progress.kind === 'stopped')) {
      this.#last = reply;
    }
    if (this.#followers.size === 0) return;
    const line = messageLine(reply);
    for (const socket of this.#followers) this.#sendTo(socket, line);
  }

  #sendTo(socket: Socket, line: string): void {
    if (!socket.writable) return;
    socket.write(line);
    if (socket.writableLength > mostUnread) this.#dismiss(socket, 'it does not read');
  }
}

/** The logs have the whole output. */
function withExcerpts(event: DrainProgress): DrainProgress {
  if (event.kind === 'phase-finished') return { ...event, result: toStoredResult(event.result) };
  return event.kind === 'stopped' ? { ...event, summary: excerptsOf(event.summary) } : event;
}

function excerptsOf(summary: DrainSummary): DrainSummary {
  return { ...summary, results: summary.results.map(toStoredResult) };
}
