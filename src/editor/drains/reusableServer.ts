import { rememberVerdict } from '../../core/identity/apiVerdict.ts';
import type { ClockPort } from '../../core/ports.ts';
import { askApiServer, CanaryVerdicts } from '../../node/identity/askApiServer.ts';
import type { DatabaseReader } from '../../protocol/readerProtocol.ts';
import { configuredServers, type ApiKeys } from '../apiServers/apiKeys.ts';
import { guardFolder } from '../database/guardFolder.ts';

/** A running API server that executions can reuse. */
export interface ReusableServer {
  /** With whatever is secret in it. */
  readonly url: string;
  /** How it is shown. */
  readonly address: string;
  /** What was stored for it; the environment of the drain has its own. */
  readonly apiKey: string | undefined;
}

/** What finding one needs. */
export interface ReusableServerDeps {
  readonly reader: DatabaseReader;
  readonly clock: ClockPort;
  readonly apiKeys: ApiKeys;
}

/**
 * The first server of the settings that has the database for certain; `undefined` where none has. Paths are absolute.
 * Throws what the reader throws.
 */
export async function reusableServer(
  databasePath: string,
  workspaceFolder: string,
  { reader, clock, apiKeys }: ReusableServerDeps,
): Promise<ReusableServer | undefined> {
  const servers = configuredServers();
  if (servers.size === 0) return undefined;
  const { value: fingerprint } = await reader.request(databasePath, 'databaseFingerprint', { runIds: [] });
  const verdicts = await new CanaryVerdicts(guardFolder(databasePath)).read();
  const asked = [...servers].map(async ([address, url]): Promise<ReusableServer | null> => {
    const apiKey = await apiKeys.keyFor(url).catch(() => undefined);
    const folders = [workspaceFolder];
    const answer = await askApiServer({ url, databasePath, folders, reader, apiKey });
    const { verdict } = rememberVerdict(answer, address, fingerprint, verdicts, clock.now());
    return verdict === 'same' ? { url, address, apiKey: await apiKeys.stored(url) } : null;
  });
  return (await Promise.all(asked)).find((server) => server !== null) ?? undefined;
}
