import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';

/**
 * Calls `hear` with each line that arrives, parsed as JSON, and `onGarbage` where that fails or a line is longer than
 * `longest` characters; nothing is heard after that.
 */
export function readMessages(
  socket: Socket,
  {
    longest,
    hear,
    onGarbage,
  }: {
    readonly longest: number;
    readonly hear: (message: unknown) => void;
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
      hear(message);
    }
  };
  socket.on('data', take);
}

/** A message as it is sent: one line. */
export function messageLine(message: object): string {
  return `${JSON.stringify(message)}\n`;
}
