/** A running process, as a system lists it that does not tell environments. */
export interface ListedServer {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
  /** Ms since the epoch; `null` where the system does not say. */
  readonly startedAt: number | null;
}

/** How Autopack starts its API server. */
const apiServer = /\buvicorn\b.*\bautopack\.main:app\b/;

/**
 * The API servers that an execution has left behind: begun after it, by a parent that is gone, at a port that its output
 * names where that names any. `startedAt` is ms since the epoch.
 */
export function serversLeftBehind(
  processes: readonly ListedServer[],
  { startedAt, output }: { readonly startedAt: number; readonly output: string },
): ListedServer[] {
  const running = new Set(processes.map(({ pid }) => pid));
  const ports = new Set(
    [...output.matchAll(/(?:localhost|127\.0\.0\.1|\[::1\]):(\d+)/g)].map(([, port]) => port),
  );
  return processes.filter(({ parent, command, startedAt: began }) => {
    const port = /--port[ =](\d+)/.exec(command)?.[1];
    const isOfThis = ports.size === 0 || port === undefined || ports.has(port);
    return (
      apiServer.test(command) && isOfThis && !running.has(parent) && began !== null && began >= startedAt
    );
  });
}
