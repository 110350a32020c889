import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { telemetryPageHtml } from '../../../src/protocol/telemetryPageHtml.ts';
import type { BuiltPage } from './buildPage.ts';

/** A page served on this machine. */
export interface ServedPage {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the page as the editor does: the same HTML under the same content security policy. */
export async function servePage({ script, style }: BuiltPage): Promise<ServedPage> {
  const server = createServer((request, response) => {
    const origin = `http://${request.headers.host ?? ''}`;
    const answer = (type: string, body: string): void => {
      response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(body);
    };
    if (request.url === '/telemetry.js') answer('text/javascript', script);
    else if (request.url === '/telemetry.css') answer('text/css', style);
    else if (request.url === '/') {
      const sources = { scriptUri: `${origin}/telemetry.js`, styleUri: `${origin}/telemetry.css` };
      answer('text/html', telemetryPageHtml({ ...sources, cspSource: origin, nonce: 'bm9uY2U=' }));
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
