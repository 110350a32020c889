import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerEvents, type ModelAnswer, type Protocol } from './modelAnswer.ts';

/** A request as it came in. */
export interface AskedModel {
  readonly protocol: Protocol;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Readonly<Record<string, unknown>>;
  readonly model: string;
  readonly system: string;
  readonly messages: readonly { readonly role: string; readonly text: string }[];
  readonly maxTokens: number | undefined;
  /** Ms since the epoch. */
  readonly at: number;
  /** Requests that were open as it came, itself included. */
  readonly openAtOnce: number;
  /** When the connection was closed; resolves with whether the client did it before the answer was complete. */
  readonly closed: Promise<{ readonly byClient: boolean; readonly at: number }>;
}

/** A server of models for tests, on this machine alone, with what it was asked. */
export interface ModelServer {
  readonly origin: string;
  /** With `/v1`. */
  readonly baseUrl: string;
  readonly asked: readonly AskedModel[];
  /** Other requests: `GET /v1/models`. */
  readonly others: readonly string[];
  /** The `Authorization` that each request came with, of whatever kind. */
  readonly authorizations: readonly (string | undefined)[];
  close(): Promise<void>;
}

/** What it answers: to each request by its number from 0, or the answers one after the other, the last again and again. */
export type ModelScript =
  readonly ModelAnswer[] | ((asked: AskedModel, index: number) => ModelAnswer | Promise<ModelAnswer>);

/** What it answers besides. */
export interface ModelServerOptions {
  /** The body of `GET /v1/models`; without it there is no such list (404). */
  readonly models?: unknown;
  /** Without it, it wants none. */
  readonly apiKey?: string;
  readonly port?: number;
}

/** Starts it. It speaks OpenAI's chat completions and Anthropic's messages, with streaming. */
export async function startModelServer(
  script: ModelScript,
  { models, apiKey, port = 0 }: ModelServerOptions = {},
): Promise<ModelServer> {
  const asked: AskedModel[] = [];
  const others: string[] = [];
  const authorizations: (string | undefined)[] = [];
  let open = 0;
  const server = createServer((request, response) => {
    void handle(request, response).catch(() => response.destroy());
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const { authorization } = request.headers;
    authorizations.push(authorization);
    if (apiKey !== undefined && authorization !== `Bearer ${apiKey}`) {
      request.resume();
      response.writeHead(401, { 'content-type': 'application/json' });
      const error = { message: 'Incorrect API key provided.', code: 'invalid_api_key' };
      response.end(JSON.stringify({ error }));
      return;
    }
    const protocol = path.endsWith('/messages') ? 'anthropic' : 'openai';
    if (request.method !== 'POST' || !/\/(?:messages|chat\/completions)$/.test(path)) {
      others.push(`${request.method ?? ''} ${path}`);
      const known = path.endsWith('/models') && models !== undefined;
      response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
      response.end(JSON.stringify(known ? models : { error: { message: 'Not found' } }));
      return;
    }
    open += 1;
    const closed = new Promise<{ byClient: boolean; at: number }>((resolve) => {
      response.once('close', () => {
        open -= 1;
        resolve({ byClient: !response.writableFinished && !isOurs.has(response), at: Date.now() });
      });
    });
    const openAtOnce = open;
    const body = JSON.parse(await bodyOf(request)) as Record<string, unknown>;
    const each: AskedModel = {
      ...{ protocol, path, headers: request.headers, body, at: Date.now(), openAtOnce, closed },
      ...readAsked(body),
    };
    const index = asked.push(each) - 1;
    const answer =
      typeof script === 'function' ? await script(each, index) : script[Math.min(index, script.length - 1)];
    if (answer === undefined) throw new Error('The script of the model server is empty.');
    await send(answer, each, response);
  }

  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    baseUrl: `${origin}/v1`,
    asked,
    others,
    authorizations,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Responses that were cut here, not by the client. */
const isOurs = new WeakSet<ServerResponse>();

async function send(answer: ModelAnswer, asked: AskedModel, response: ServerResponse): Promise<void> {
  switch (answer.kind) {
    case 'silence':
      return;
    case 'hang-up':
      cut(response);
      return;
    case 'response':
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
      response.end(answer.body ?? '');
      return;
    case 'text':
      await stream(answer, asked, response);
  }
}

async function stream(
  answer: Extract<ModelAnswer, { kind: 'text' }>,
  { protocol, model, body }: AskedModel,
  response: ServerResponse,
): Promise<void> {
  const { before, chunks, behind } = answerEvents(protocol, model, JSON.stringify(body), answer);
  const write = async (data: string): Promise<void> => {
    const name = protocol === 'anthropic' ? `event: ${/"type":"(\w+)"/.exec(data)?.[1] ?? 'message'}\n` : '';
    if (!response.write(`${name}data: ${data}\n\n`)) {
      await new Promise((resolve) => {
        response.once('drain', resolve);
        response.once('close', resolve);
      });
    }
  };
  if (answer.firstMs !== undefined) await sleep(answer.firstMs);
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  for (const data of before) await write(data);
  for (const [index, data] of chunks.entries()) {
    if (answer.fault?.after === index && (await fail(answer.fault, data, response, write))) return;
    await write(data);
    if (answer.betweenMs !== undefined) await sleep(answer.betweenMs);
  }
  if (answer.fault !== undefined && answer.fault.after >= chunks.length) {
    if (await fail(answer.fault, chunks.at(-1) ?? '', response, write)) return;
  }
  for (const data of behind) await write(data);
  if (answer.staysOpen !== true) response.end();
}

/** Tells whether the answer ends with it. */
async function fail(
  { kind, data = '' }: NonNullable<Extract<ModelAnswer, { kind: 'text' }>['fault']>,
  chunk: string,
  response: ServerResponse,
  write: (data: string) => Promise<void>,
): Promise<boolean> {
  switch (kind) {
    case 'stall':
      return true;
    case 'cut':
      // What was written is to arrive first.
      await sleep(20);
      cut(response);
      return true;
    case 'end':
      response.end();
      return true;
    case 'endless':
      while (!response.destroyed) {
        await write(chunk);
        await sleep(0);
      }
      return true;
    case 'event':
      await write(data);
      return false;
  }
}

function cut(response: ServerResponse): void {
  isOurs.add(response);
  response.destroy();
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function readAsked(
  body: Readonly<Record<string, unknown>>,
): Pick<AskedModel, 'model' | 'system' | 'messages' | 'maxTokens'> {
  const all = (body.messages as { role: string; content: unknown }[]).map(({ role, content }) => ({
    role,
    text: textOf(content),
  }));
  const limit = body.max_completion_tokens ?? body.max_tokens;
  return {
    model: String(body.model),
    system:
      textOf(body.system) +
      all
        .filter(({ role }) => role === 'system')
        .map(({ text }) => text)
        .join('\n'),
    messages: all.filter(({ role }) => role !== 'system'),
    maxTokens: typeof limit === 'number' ? limit : undefined,
  };
}

/** A text, or a list of parts. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part: unknown) => (part as { text?: string }).text ?? '').join('');
}

// As a process of its own: node test/support/models/modelServer.ts ANSWERS.json [PORT]; it prints its base URL.
if (import.meta.main) {
  const [, , file = '', port = '0'] = process.argv;
  const answers = JSON.parse(await readFile(file, 'utf8')) as ModelAnswer[];
  console.log((await startModelServer(answers, { port: Number(port) })).baseUrl);
}
