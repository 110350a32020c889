import assert from 'node:assert/strict';
import { resolveVariables } from '../../../../src/core/identity/databaseSource.ts';

describe('the variables of settings', () => {
  const variables = {
    workspaceFolder: '/repo',
    namedFolders: new Map([['other', '/other']]),
    userHome: '/home/me',
    environment: { DATA: '/data' },
  };
  const resolve = (text: string): string => resolveVariables(text, variables);

  it('stand for folders, the home folder and the environment', () => {
    assert.equal(resolve('sqlite:///${workspaceFolder}/seed.db'), 'sqlite:////repo/seed.db');
    assert.equal(resolve('${workspaceFolder:other}/a ${userHome}/b'), '/other/a /home/me/b');
    assert.equal(resolve('${env:DATA}/c${env:NOTHING}'), '/data/c');
  });

  it('stay as they are where nothing is known of them', () => {
    assert.equal(
      resolve('${command:pick}/${workspaceFolder:none}'),
      '${command:pick}/${workspaceFolder:none}',
    );
  });
});
