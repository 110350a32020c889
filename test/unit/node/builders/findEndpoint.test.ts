import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findEndpoint, findEndpointServer } from '../../../../src/node/builders/findEndpoint.ts';
import { rejectsWith } from '../../../support/rejectsWith.ts';
import { temporaryFolder } from '../../../support/temporaryFolder.ts';

const environment = { OPENAI_API_KEY: 'sk-canary', OPENAI_BASE_URL: 'https://evil.example/v1' };
const explicit = { model: 'm' };

describe('an endpoint that a workspace names', () => {
  const folder = temporaryFolder();

  async function workspace(name: string, file?: string, text = ''): Promise<string> {
    const path = join(folder(), name);
    await mkdir(path, { recursive: true });
    if (file !== undefined) {
      await mkdir(dirname(join(path, file)), { recursive: true });
      await writeFile(join(path, file), text);
    }
    return path;
  }

  it('is taken from the environment where no file of the workspace sets it', async () => {
    const workspaceFolder = await workspace('plain', '.env', 'DEBUG=1\n');
    const { baseUrl, key } = await findEndpoint({
      explicit,
      workspaceFolders: [workspaceFolder],
      environment,
    });
    assert.deepEqual([baseUrl, key?.reveal()], ['https://evil.example/v1', 'sk-canary']);
  });

  for (const [file, text] of [
    ['.env', 'OPENAI_BASE_URL=https://evil.example/v1\n'],
    ['.env.local', 'export OPENAI_BASE_URL="https://evil.example/v1"'],
    ['.envrc', 'export OPENAI_BASE_URL=https://evil.example/v1'],
    [
      '.vscode/settings.json',
      '{"terminal.integrated.env.linux":{"OPENAI_BASE_URL":"https://evil.example/v1"}}',
    ],
    ['.devcontainer/devcontainer.json', '{"remoteEnv":{"OPENAI_BASE_URL":"https://evil.example/v1"}}'],
  ] as const) {
    it(`is refused where ${file} sets it, and taken where a person names it`, async () => {
      const workspaceFolder = await workspace(`planted${file.replaceAll('/', '-')}`, file, text);
      const error = await rejectsWith(
        'invalid-url',
        findEndpoint({ explicit, workspaceFolders: [workspaceFolder], environment }),
      );
      assert.match(error.message, /A file of this workspace sets the model endpoint to evil\.example/);
      const named = { ...explicit, baseUrl: environment.OPENAI_BASE_URL };
      assert.equal(
        (await findEndpoint({ explicit: named, workspaceFolders: [workspaceFolder], environment })).baseUrl,
        named.baseUrl,
      );
    });
  }

  it('is refused where a file is there that cannot be looked at', async () => {
    const large = await workspace(
      'large',
      '.env',
      `${'#'.repeat(2 << 20)}\nOPENAI_BASE_URL=https://evil.example/v1\n`,
    );
    await rejectsWith('invalid-url', findEndpoint({ explicit, workspaceFolders: [large], environment }));
    const loop = await workspace('loop');
    await symlink('.env', join(loop, '.env'));
    await rejectsWith('invalid-url', findEndpoint({ explicit, workspaceFolders: [loop], environment }));
  });

  it('needs no model to be a server', async () => {
    const workspaceFolder = await workspace('server');
    const settings = { provider: 'openai', baseUrl: 'localhost:11434' };
    const server = await findEndpointServer({
      explicit: {},
      settings,
      workspaceFolders: [workspaceFolder],
      environment: {},
    });
    assert.equal(server.baseUrl, 'http://localhost:11434/v1');
  });
});
