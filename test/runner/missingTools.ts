import { spawnSync } from 'node:child_process';

/** Programs that some tests want, and what is left out where they are not installed. */
const tools: readonly { readonly name: string; readonly probe: readonly string[]; readonly costs: string }[] =
  [
    { name: 'git', probe: ['git', '--version'], costs: 'tests of what git would take in' },
    {
      name: 'python3',
      probe: ['python3', '-c', 'import sqlite3'],
      costs: 'tests beside a writer in Python and with scripts in Python',
    },
    {
      name: 'pytest',
      probe: ['python3', '-m', 'pytest', '--version'],
      costs: 'the test that runs what the example executor has built',
    },
    {
      name: 'SciPy',
      probe: ['/usr/bin/python3', '-c', 'import scipy'],
      costs: 'the comparison of statistics with a second implementation',
    },
  ];

/** Names, before anything runs, the programs that are missing here and what that costs. Nothing else depends on them. */
export function reportMissingTools(print: (line: string) => void = console.log): void {
  const missing = tools.filter(({ probe: [program = '', ...args] }) => {
    return spawnSync(program, args, { stdio: 'ignore' }).status !== 0;
  });
  for (const { name, costs } of missing) print(`${name} is not installed. Skipped: ${costs}.`);
}
