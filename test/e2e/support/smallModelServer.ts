import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that speaks as much of OpenAI's protocol as setting it up takes. */
export interface SmallModelServer {
  /** Its base URL. */
  readonly url: string;
  /** `GET /v1/models Bearer …` of every request, with the key it came with. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** What it wants and lists. */
export interface SmallModelServerOptions {
  /** Without it, it wants none. */
  readonly apiKey?: string;
  readonly models: readonly { readonly id: string; readonly max_model_len?: number }[];
  /** Whether it counts the tokens. */
  readonly reportsUsage: boolean;
}

/** Starts it on a free port of this machine. */
export async function startSmallModelServer(options: SmallModelServerOptions): Promise<SmallModelServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    requests.push(
      [request.method, request.url, request.headers.authorization]
        .filter((part) => part !== undefined)
        .join(' '),
    );
    answer(request, response, options);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function answer(
  { url = '', headers }: IncomingMessage,
  response: ServerResponse,
  { apiKey, models, reportsUsage }: SmallModelServerOptions,
): void {
  const json = (status: number, content: object): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(content));
  };
  if (apiKey !== undefined && headers.authorization !== `Bearer ${apiKey}`) {
    json(401, { error: { message: 'Incorrect API key provided.', code: 'invalid_api_key' } });
    return;
  }
  if (url === '/v1/models') {
    json(200, { object: 'list', data: models.map((model) => ({ object: 'model', ...model })) });
    return;
  }
  const usage = { prompt_tokens: 12, completion_tokens: 1, total_tokens: 13 };
  const about = { id: 'c-1', object: 'chat.completion.chunk', created: 1, model: models[0]?.id ?? 'm' };
  const events = [
    {
      ...about,
      choices: [{ index: 0, delta: { role: 'assistant', content: 'ready' }, finish_reason: null }],
    },
    { ...about, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    ...(reportsUsage ? [{ ...about, choices: [], usage }] : []),
  ];
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`);
  response.end('data: [DONE]\n\n');
}
