import { join } from 'node:path';
import {
  endpointUrlVariables,
  resolveEndpoint,
  resolveEndpointServer,
  type EndpointChoice,
  type EndpointServer,
  type EndpointSettings,
  type EndpointSources,
} from '../../core/builders/endpointSettings.ts';
import { readSmallFile } from '../system/regularFile.ts';

/** What an endpoint is resolved from besides the environment of this process. */
export interface EndpointRequest {
  /** What a person said for this once. */
  readonly explicit: EndpointChoice;
  /** The user's settings; none on the command line. */
  readonly settings?: EndpointChoice;
  /** The folders whose files may set variables for terminals, and so for us; absolute. */
  readonly workspaceFolders: readonly string[];
  /** The key that is stored for an origin; none is on the command line. */
  readonly storedKey?: EndpointSources['storedKey'];
  /** That of this process unless given. */
  readonly environment?: EndpointSources['environment'];
}

/** See `resolveEndpoint`. */
export async function findEndpoint(request: EndpointRequest): Promise<EndpointSettings> {
  return resolveEndpoint(await sourcesOf(request));
}

/** See `resolveEndpointServer`. */
export async function findEndpointServer(request: EndpointRequest): Promise<EndpointServer> {
  return resolveEndpointServer(await sourcesOf(request));
}

async function sourcesOf({
  explicit,
  settings = {},
  workspaceFolders,
  storedKey = () => Promise.resolve(undefined),
  environment = process.env,
}: EndpointRequest): Promise<EndpointSources> {
  const plantedVariables = await variablesPlantedIn(workspaceFolders);
  return { explicit, settings, environment, plantedVariables, storedKey };
}

/** Files from which editors, shells and task runners set variables for what is started in a folder. */
const files = [
  ...['.env', '.env.local', '.env.development', '.env.production', '.env.test', '.envrc', '.flaskenv'],
  ...['.vscode/settings.json', '.vscode/tasks.json', '.vscode/launch.json'],
  ...['.devcontainer/devcontainer.json', '.devcontainer.json', '.devcontainer/.env'],
  ...['mise.toml', '.mise.toml', '.tool-versions', 'docker-compose.yml', 'compose.yaml'],
];

/** In bytes. A larger one is taken to set anything. */
const longestFile = 1 << 20;

/**
 * The variables that some file of the folders names: whoever wrote it may have chosen their values. A file that is there and
 * cannot be read counts as one that names them all.
 */
async function variablesPlantedIn(folders: readonly string[]): Promise<ReadonlySet<string>> {
  const paths = folders.flatMap((folder) => files.map((file) => join(folder, file)));
  const texts = await Promise.all(
    paths.map((path) =>
      readSmallFile(path, longestFile, { followLinks: true }).catch((error: unknown) =>
        isMissing(error) ? '' : endpointUrlVariables.join('\n'),
      ),
    ),
  );
  return new Set(endpointUrlVariables.filter((name) => texts.some((text) => text.includes(name))));
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(?:ENOENT|ENOTDIR)$/.test(String(error.code));
}
