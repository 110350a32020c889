import assert from 'node:assert/strict';
import { serverCommand } from '../../../../src/node/drain/chooseExecutor.ts';

describe("the command that starts Autopack's API server", () => {
  const server = { databasePath: '/data/seed.db', workspaceFolder: '/repo', interpreter: '/usr/bin/python3' };

  it('names the database by an absolute URL, and host and port of the URL that is to be used', () => {
    assert.equal(
      serverCommand({ ...server, url: 'http://localhost:8123/' }, 'linux'),
      'cd /repo && DATABASE_URL=sqlite:////data/seed.db PYTHONPATH=src /usr/bin/python3 -m uvicorn autopack.main:app --host 127.0.0.1 --port 8123',
    );
    assert.match(serverCommand(server, 'darwin'), /--host 127\.0\.0\.1 --port 8000$/);
    assert.match(serverCommand({ ...server, url: 'http://[::1]:9' }, 'linux'), /--host ::1 --port 9$/);
  });

  it('keeps odd names whole, in the shell of the system', () => {
    const odd = { ...server, workspaceFolder: "/it's here", databasePath: '/my data/$x.db' };
    assert.match(
      serverCommand(odd, 'linux'),
      /^cd '\/it'\\''s here' && DATABASE_URL='sqlite:\/\/\/\/my data\/\$x\.db' /,
    );
    assert.match(
      serverCommand(odd, 'win32'),
      /^cd '\/it''s here'; \$env:DATABASE_URL='sqlite:.*'; \$env:PYTHONPATH='src'; & '\/usr\/bin\/python3' -m uvicorn/,
    );
  });
});
