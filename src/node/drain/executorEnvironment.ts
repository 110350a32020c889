import { formatDatabaseUrl } from '../../core/db/databaseUrl.ts';
import type { PathStyle } from '../../core/db/pathStyle.ts';
import { databaseVariables, withoutSelectors } from '../../core/identity/databaseSource.ts';
import { nativePathStyle } from '../environment/resolveDatabaseLocation.ts';

/** Variables of an editor or a debugger around us that would change how a child runs. */
const ours = ['NODE_OPTIONS', 'VSCODE_INSPECTOR_OPTIONS', 'ELECTRON_RUN_AS_NODE'];
/** Names a server to reuse, which may have another database: only one that was asked is passed on. */
const serverVariable = 'AUTOPACK_API_URL';
/** What Autopack's scripts need besides. */
const settings = {
  TELEMETRY_DB_ENABLED: '1',
  PYTHONPATH: 'src',
  PYTHONUTF8: '1',
  PYTHONIOENCODING: 'utf-8',
};

/**
 * The environment in which the reference's script, and any executor that stands in for it, runs: ours, in which nothing
 * names a database but one absolute URL, so that no two programs can resolve it differently, and nothing points git at
 * another repository (as inside of a hook). `apiUrl` is a server that was asked which database it has.
 */
export function executorEnvironment(
  databasePath: string,
  apiUrl?: string,
  inherited: Readonly<Record<string, string | undefined>> = process.env,
  style: PathStyle = nativePathStyle,
): NodeJS.ProcessEnv {
  // On Windows a second spelling of a variable could win over the one that is set here.
  const replaced = [...ours, serverVariable, ...Object.keys(settings)];
  return {
    ...withoutSelectors(inherited, replaced, style),
    ...databaseVariables(formatDatabaseUrl(databasePath)),
    ...settings,
    ...(apiUrl === undefined || apiUrl === '' ? {} : { [serverVariable]: apiUrl }),
  };
}
