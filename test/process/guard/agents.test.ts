import { mkdir, writeFile } from 'node:fs/promises';
import { Backups } from '../../../src/node/maintenance/backups.ts';
import { setLevel } from '../../support/adopted.ts';
import {
  approveRequeue,
  ci,
  refusesAttempts,
  requeueAll,
  run,
  script,
  tries,
  type Attempt,
} from '../../support/guard/agentAttempts.ts';
import { agent, human, runAs } from '../../support/guard/commandsAs.ts';
import type { GuardWorld } from '../../support/guard/guardWorld.ts';
import { olderDatabase } from '../../support/olderDatabase.ts';

const shellAttempts: readonly Attempt[] = [
  { name: 'seeds with --yes', ...tries(agent, ['seed', '--run-id', 'more', '--yes']) },
  { name: 'drains with --yes', ...tries(agent, ['drain', '--executor', 'example', '--yes']) },
  { name: 'probes with --yes', ...tries(agent, ['drain', '--probe', '--executor', 'example', '--yes']) },
  { name: 'queues phases again with --yes', ...tries(agent, ['requeue', '--all', '--yes']) },
  { name: 'deletes a run with --yes', ...tries(agent, ['delete-run', run, '--yes']) },
  { name: 'gives it a new id with --yes', ...tries(agent, ['adopt', '--role', 'seed', '--new-id', '--yes']) },
  {
    name: 'makes it a backlog with --yes',
    ...tries(agent, ['adopt', '--role', 'legacy', '--new-id', '--yes']),
  },
  { name: 'moves it aside', ...tries(agent, ['quickstart', '--executor', 'example', '--force', '--yes']) },
  {
    name: 'restores a backup with --yes',
    arrange: async (world, path) => {
      await new Backups(world.folder).make(path, 'asked', Date.now());
      return () => runAs(agent, world, 'restore', '--database', 'kept.db', '--yes', '--json');
    },
    code: 'needs-approval',
    message: /Restoring a backup is refused/,
  },
  { name: 'sets no variable, without a terminal', ...tries(script, ['requeue', '--all', '--yes']) },
  { name: 'runs in CI', ...tries(ci, ['delete-run', run, '--yes'], 'needs-approval', /GitHub Actions/) },
  {
    name: 'opens a pseudo-terminal and types the name',
    ...tries({ ...agent, ...human('kept.db') }, ['requeue', '--all']),
  },
  {
    name: 'approves by itself, in a pseudo-terminal',
    arrange: (world) =>
      Promise.resolve(() => runAs({ ...agent, ...human('kept.db') }, world, ...approveRequeue)),
    code: 'protected',
    message: /Only a person approves/,
  },
  {
    name: 'approves by itself, without a terminal',
    arrange: (world) => Promise.resolve(() => runAs(agent, world, ...approveRequeue)),
    code: 'protected',
    message: /Only a person approves/,
  },
  {
    name: 'makes a token by itself',
    ...tries(agent, ['approve', '--for-ci', '--operation', 'requeue', '--rows', '9'], 'protected', /person/),
  },
  {
    name: 'lowers the level with --yes',
    ...tries(agent, ['protect', '--level', 'open', '--yes'], 'protected', /Only a person lowers/),
  },
  {
    name: 'lowers the level without any sign of an agent',
    ...tries(script, ['protect', '--level', 'ask', '--yes'], 'protected', /Only a person lowers/),
  },
  {
    name: 'lowers the level in a pseudo-terminal',
    ...tries(
      { ...agent, ...human('kept.db') },
      ['protect', '--level', 'ask'],
      'protected',
      /Only a person lowers/,
    ),
  },
  {
    name: 'plants variables that sound right',
    ...tries(
      {
        env: {
          CLAUDECODE: '1',
          AUTOPACK_HYGIENE_PROTECTION: 'open',
          AUTOPACK_HYGIENE_LEVEL: 'open',
          AUTOPACK_HYGIENE_YES: '1',
        },
      },
      ['requeue', '--all', '--yes'],
    ),
  },
  {
    name: 'plants settings of the workspace',
    arrange: async (world) => {
      await mkdir(world.path('.vscode'));
      const settings = { 'autopackHygiene.protection': 'open', 'autopackHygiene.protectionLevel': 'open' };
      await writeFile(world.path('.vscode/settings.json'), JSON.stringify(settings));
      return () => runAs(agent, world, ...requeueAll);
    },
    code: 'needs-approval',
    message: /is protected/,
  },
  {
    name: 'adopts a backlog as a seed, to write it with --yes then',
    arrange: async (world) => {
      await olderDatabase(world.path('old.db'));
      const args = ['adopt', '--database', 'old.db', '--role', 'seed', '--any-role', '--yes', '--json'];
      return () => runAs(agent, world, ...args);
    },
    code: 'needs-approval',
    message: /Adopting is refused: .*old\.db is protected \(Confirm\)/,
  },
];

const askAttempts: readonly Attempt[] = (
  [
    ['seeds', ['seed', '--run-id', 'more']],
    ['drains', ['drain', '--executor', 'example']],
    ['queues phases again', ['requeue', '--all']],
    ['raises the level', ['protect', '--level', 'read-only']],
  ] as const
).map(([name, args]) => ({
  name: `${name} without --yes, at ask`,
  arrange: async (world: GuardWorld, path: string) => {
    await setLevel(path, 'ask');
    return tries(agent, args).arrange(world, path);
  },
  code: 'needs-consent',
  message: /A confirmation needs a terminal: /,
}));

refusesAttempts('an agent that wants to write a protected database', [...shellAttempts, ...askAttempts]);
