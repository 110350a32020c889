import { keepCompiledCode } from './node/system/compileCache.ts';
import { nodeTooOld } from './node/system/nodeVersion.ts';

/** The programs that run outside of the editor, by the file in `dist` that starts them. */
const programs = {
  cli: async () => (await import('./cli.ts')).main(),
  drainHost: () => import('./node/drain/drainHost.ts'),
};

/** Runs one of the programs, of which nothing is loaded before compiled code can be taken from the cache. */
export function start(program: keyof typeof programs): void {
  const problem = nodeTooOld(process.versions.node);
  if (problem !== null) {
    refuse(problem);
    return;
  }
  keepCompiledCode();
  // Code is loaded when it is first used, also by what answers a thread or a timer, where nobody catches anything.
  process.once('uncaughtExceptionMonitor', (error) => {
    if (refuseWithoutDescriptors(error)) process.exit();
  });
  programs[program]().catch((error: unknown) => {
    if (!refuseWithoutDescriptors(error)) throw error;
  });
}

/** `false` for any other error. What would say so in the words of the rest could not be loaded either. */
function refuseWithoutDescriptors(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'EMFILE' && code !== 'ENFILE') return false;
  refuse(
    'autopack-hygiene: The system has no file descriptors left for this. Raise the limit on open files ("ulimit -n"), or close other programs, then try again.',
  );
  return true;
}

function refuse(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 2;
}
