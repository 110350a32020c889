import { dirname, delimiter } from 'node:path';
import { HostProblem } from './hostProblem.ts';
import { runProgram } from './runProgram.ts';

/** Runs npm in a folder outside this project, on the Node that runs us; throws with npm's last words. */
export async function runNpm(
  args: readonly string[],
  folder: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  const env = { ...withoutOwnNpmContext(process.env), ...settings };
  env.PATH = dirname(process.execPath) + delimiter + (env.PATH ?? '');
  const quiet = [...args, '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
  const npmScript = process.env.npm_execpath;
  const result = npmScript?.endsWith('.js')
    ? await runProgram(process.execPath, [npmScript, ...quiet], { cwd: folder, env })
    : await runProgram(process.platform === 'win32' ? 'npm.cmd' : 'npm', quiet, { cwd: folder, env });
  if (result.exitCode === 0) return;
  throw new HostProblem(
    `npm ${args.join(' ')} failed:\n${lastLines(result.output, 20)}`,
    'see that the npm registry can be reached (npm ping) and that python3, make and a C++ compiler are ' +
      'installed (Debian: apt-get install build-essential python3), then run the command again.',
  );
}

/** `npm run` describes this project to its children; a nested npm in another folder must not see that. */
function withoutOwnNpmContext(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = /^npm_(package_|lifecycle_|command$|config_(local_prefix|prefix|node_gyp|init_module)$)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !own.test(name)));
}

function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
