import { formatDatabaseUrl } from '../../core/db/databaseUrl.ts';

/** Variables of an editor or a debugger around us that would change how a child runs. */
const ours = ['NODE_OPTIONS', 'VSCODE_INSPECTOR_OPTIONS', 'ELECTRON_RUN_AS_NODE'];
/** Names a server to reuse, which may have another database: only one that was asked is passed on. */
const serverVariable = 'AUTOPACK_API_URL';

/**
 * The environment in which the reference's script, and any executor that stands in for it, runs:
 * ours, with the database named by an absolute URL so that no two programs can resolve it differently.
 * `apiUrl` is a server that was asked which database it has.
 */
export function executorEnvironment(databasePath: string, apiUrl?: string): NodeJS.ProcessEnv {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => ![...ours, serverVariable].includes(name)),
  );
  return {
    ...inherited,
    DATABASE_URL: formatDatabaseUrl(databasePath),
    TELEMETRY_DB_ENABLED: '1',
    PYTHONPATH: 'src',
    PYTHONUTF8: '1',
    PYTHONIOENCODING: 'utf-8',
    ...(apiUrl === undefined || apiUrl === '' ? {} : { [serverVariable]: apiUrl }),
  };
}
