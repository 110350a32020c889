import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

const program = `
  const { DatabaseSync } = require('node:sqlite');
  const [path, ...statements] = process.argv.slice(1);
  const database = new DatabaseSync(path);
  for (const statement of statements) database.exec(statement);
  process.stdout.write('ready');
  process.stdin.on('data', () => { database.close(); process.exit(0); });
`;

/** Another process with the database open, having run the statements; `leave` closes it there and waits for its end. */
export async function otherWriter(
  path: string,
  statements: readonly string[],
): Promise<{ readonly child: ChildProcess; leave(): Promise<void> }> {
  const child = spawn(process.execPath, ['-e', program, path, ...statements], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  return {
    child,
    async leave() {
      child.stdin.write('leave');
      await ended;
    },
  };
}
