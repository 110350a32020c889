import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own for each test of the running suite, deleted after it; the getter gives its real path. */
export function temporaryFolder(): () => string {
  let folder = '';
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'autopack-hygiene-test-')));
  });
  afterEach(async () => {
    // A test may have made it read-only.
    await chmod(folder, 0o755);
    // A process that the test has just ended may still be writing its last file.
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  });
  return () => folder;
}
