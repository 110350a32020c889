import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { PostgresServer } from './postgresServer.ts';

/** Where a connection is cut: before the server hears of the COMMIT, or before anybody hears what it answers. */
export type Cut = 'before-commit' | 'before-answer';

/** What a server is reached through, by a bad network. */
export interface CuttingProxy {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/**
 * Passes on what is sent either way until a transaction is to be committed for which `choose` names a cut; it gets all that
 * was sent of that transaction.
 */
export async function startCuttingProxy(
  { port }: PostgresServer,
  choose: (transaction: string) => Cut | null,
): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  const listener = createServer((near) => {
    const far = connect(port, 'localhost');
    const end = (): void => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket
        .setNoDelay(true)
        .on('error', end)
        .on('close', () => {
          sockets.delete(socket);
          end();
        });
    }
    let sent = '';
    let isCut = false;
    near.on('data', (part) => {
      const text = part.toString('latin1');
      sent = text.includes('BEGIN') ? text : sent + text;
      const cut = /\bCOMMIT\b/.test(text) ? choose(sent) : null;
      isCut ||= cut !== null;
      if (cut === 'before-commit') end();
      else far.write(part);
    });
    far.on('data', (part) => (isCut ? end() : near.write(part)));
  });
  listener.listen(0, 'localhost');
  await once(listener, 'listening');
  return {
    port: (listener.address() as AddressInfo).port,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
}
