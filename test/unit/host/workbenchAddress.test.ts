import assert from 'node:assert/strict';
import { workbenchAddress } from '../../host/workbenchAddress.ts';

describe('workbenchAddress', () => {
  const query = (target: Parameters<typeof workbenchAddress>[0]) =>
    Object.fromEntries(new URL(workbenchAddress(target)).searchParams);

  it('opens a folder, a workspace file, or an empty window', () => {
    assert.deepEqual(query({ port: 1, workspace: '/a folder/ü' }), { folder: '/a folder/ü' });
    assert.deepEqual(query({ port: 1, workspace: '/a/b.code-workspace' }), {
      workspace: '/a/b.code-workspace',
    });
    assert.deepEqual(query({ port: 1 }), { ew: 'true' });
  });

  it('names extension and suite as files of the remote machine', () => {
    const { payload } = query({ port: 8, developmentExtension: '/my ext', suite: '/s/index.js' });
    assert.deepEqual(JSON.parse(payload ?? ''), [
      ['extensionDevelopmentPath', 'vscode-remote://localhost:8/my%20ext'],
      ['extensionTestsPath', 'vscode-remote://localhost:8/s/index.js'],
    ]);
  });
});
