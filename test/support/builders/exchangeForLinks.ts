// Exchanges folders and a file of a workspace for links out of it and back, as fast as it can, until it is killed:
// exchangeForLinks.ts WORKSPACE OUTSIDE.
import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const [, , workspace = '', outside = ''] = process.argv;
const targets = [
  [join(workspace, 'lib'), outside],
  [join(workspace, 'lib/sub'), join(outside, 'sub')],
  [join(workspace, 'lib/sub/a.py'), join(outside, 'a.py')],
] as const;
process.send?.('begun');
for (let turn = 0; ; turn += 1) {
  const [path, target] = targets[turn % targets.length] ?? targets[0];
  const aside = `${path}.aside`;
  try {
    renameSync(path, aside);
    symlinkSync(target, path);
    for (let spin = 0; spin < (turn % 7) * 20_000; spin += 1);
    rmSync(path);
    renameSync(aside, path);
    for (let spin = 0; spin < (turn % 11) * 400_000; spin += 1);
  } catch {
    // What was written meanwhile stands in the way: whatever stands there is put back as far as it can be.
    try {
      renameSync(aside, path);
    } catch {
      // It is there.
    }
  }
}
