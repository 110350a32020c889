import { formatDatabaseUrl } from '../../core/db/databaseUrl.ts';

/** An API server to be started by a person. Paths are absolute. */
export interface ServerToStart {
  readonly databasePath: string;
  readonly workspaceFolder: string;
  readonly interpreter: string;
  /** Where it is to listen; port 8000 without it. */
  readonly url?: string | undefined;
}

/** The command that starts Autopack's API server on just this database, for the shell of a system. */
export function serverCommand(
  { databasePath, workspaceFolder, interpreter, url }: ServerToStart,
  platform: NodeJS.Platform = process.platform,
): string {
  const parsed = url !== undefined && URL.canParse(url) ? new URL(url) : null;
  const host = parsed === null || parsed.hostname === 'localhost' ? '127.0.0.1' : parsed.hostname;
  const port = parsed === null || parsed.port === '' ? '8000' : parsed.port;
  const database = formatDatabaseUrl(databasePath);
  const server = `-m uvicorn autopack.main:app --host ${host.replaceAll(/[[\]]/g, '')} --port ${port}`;
  if (platform === 'win32') {
    const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;
    return `cd ${quote(workspaceFolder)}; $env:DATABASE_URL=${quote(database)}; $env:PYTHONPATH='src'; & ${quote(interpreter)} ${server}`;
  }
  const quote = (text: string): string =>
    /^[\w./:@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
  return `cd ${quote(workspaceFolder)} && DATABASE_URL=${quote(database)} PYTHONPATH=src ${quote(interpreter)} ${server}`;
}
