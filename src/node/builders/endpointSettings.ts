import { join } from 'node:path';
import {
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
  /** The folder whose files may set variables for terminals, and so for us. */
  readonly workspaceFolder: string;
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
  workspaceFolder,
  storedKey = () => Promise.resolve(undefined),
  environment = process.env,
}: EndpointRequest): Promise<EndpointSources> {
  const plantedVariables = await variablesPlantedIn(workspaceFolder);
  return { explicit, settings, environment, plantedVariables, storedKey };
}

/** Variables that say where requests, and with them keys, go. */
const urlVariables = ['AUTOPACK_HYGIENE_BASE_URL', 'OPENAI_BASE_URL', 'ANTHROPIC_BASE_URL'];

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
 * The variables that some file of the folder names: whoever wrote it may have chosen their values. A file that is there and
 * cannot be read counts as one that names them all.
 */
async function variablesPlantedIn(folder: string): Promise<ReadonlySet<string>> {
  const texts = await Promise.all(
    files.map((file) =>
      readSmallFile(join(folder, file), longestFile, { followLinks: true }).catch((error: unknown) =>
        isMissing(error) ? '' : urlVariables.join('\n'),
      ),
    ),
  );
  return new Set(urlVariables.filter((name) => texts.some((text) => text.includes(name))));
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(?:ENOENT|ENOTDIR)$/.test(String(error.code));
}
