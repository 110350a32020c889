import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** What the test extension's model was asked. */
export interface ChatModelCall {
  readonly model: string;
  /** Role 1 is the user, 2 the assistant. */
  readonly messages: readonly { readonly role: number; readonly text: string }[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** What it answers: pieces of text, the call of a tool, an error of the API by its name, or one that is just an error; then it ends, or hangs. */
export interface ChatModelAnswer {
  readonly pieces?: readonly string[];
  /** A tool that it wants to have called. */
  readonly tool?: { readonly name: string; readonly input: object };
  readonly error?: 'NoPermissions' | 'Blocked' | 'NotFound';
  readonly plain?: string;
  readonly hangs?: boolean;
}

/** Answers for the models of the test extension, see `chatModelExtension`. */
export interface ChatModelServer {
  readonly url: string;
  readonly calls: readonly ChatModelCall[];
  /** How many calls were cut off by who made them. */
  readonly cancelled: number;
  answer: (call: ChatModelCall) => ChatModelAnswer;
  close(): Promise<void>;
}

/** Starts it on a free port of this machine. */
export async function startChatModelServer(): Promise<ChatModelServer> {
  const calls: ChatModelCall[] = [];
  let cancelled = 0;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const call = JSON.parse(Buffer.concat(parts).toString('utf8')) as ChatModelCall;
      calls.push(call);
      response.on('close', () => {
        if (!response.writableFinished) cancelled += 1;
      });
      void send(response, self.answer(call));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const self: ChatModelServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    get cancelled() {
      return cancelled;
    },
    answer: () => ({ pieces: ['ready'] }),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return self;
}

async function send(
  response: ServerResponse,
  { pieces = [], tool, error, plain, hangs }: ChatModelAnswer,
): Promise<void> {
  response.flushHeaders();
  for (const text of pieces) response.write(`${JSON.stringify({ text })}\n`);
  if (tool !== undefined) response.write(`${JSON.stringify({ tool })}\n`);
  if (hangs === true) return;
  // VS Code gathers pieces for a moment, and loses those that an error comes right behind.
  if (pieces.length > 0) await wait(100);
  if (error !== undefined) response.write(`${JSON.stringify({ error })}\n`);
  if (plain !== undefined) response.write(`${JSON.stringify({ plain })}\n`);
  response.end();
}
