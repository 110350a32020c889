import { pathToFileURL } from 'node:url';

/** What a window of the browser host opens; all paths are absolute. */
export interface WorkbenchTarget {
  readonly port: number;
  /** A folder, or a `.code-workspace` file; nothing opens an empty window. */
  readonly workspace?: string;
  /** The folder of an extension to load unpacked. */
  readonly developmentExtension?: string;
  /** A bundled suite that exports `run`, for the extension host. */
  readonly suite?: string;
}

/** The address that opens the target in a browser: folder and development options travel in its query. */
export function workbenchAddress({ port, workspace, developmentExtension, suite }: WorkbenchTarget): string {
  const remote = (path: string): string =>
    `vscode-remote://localhost:${String(port)}${pathToFileURL(path).pathname}`;
  const payload: [string, string][] = [];
  if (developmentExtension !== undefined)
    payload.push(['extensionDevelopmentPath', remote(developmentExtension)]);
  if (suite !== undefined) payload.push(['extensionTestsPath', remote(suite)]);
  const address = new URL(`http://localhost:${String(port)}/`);
  if (workspace === undefined) address.searchParams.set('ew', 'true');
  else address.searchParams.set(workspace.endsWith('.code-workspace') ? 'workspace' : 'folder', workspace);
  if (payload.length > 0) address.searchParams.set('payload', JSON.stringify(payload));
  return address.href;
}
