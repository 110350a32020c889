// Brings node_modules in line with package-lock.json, and does nothing where it already is. Runs before the npm
// scripts, on whatever Node the machine has; they then find the project's own Node in node_modules/.bin.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The packages a lock file names, or undefined where there is no readable one. */
function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(root + file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** npm keeps a lock file of what it really installed; what is missing there may only be for other platforms. */
function isInstalled() {
  const wanted = lockedPackages('package-lock.json') ?? {};
  const installed = lockedPackages('node_modules/.package-lock.json');
  const node = process.platform === 'win32' ? 'node_modules/.bin/node.cmd' : 'node_modules/.bin/node';
  if (installed === undefined || !existsSync(root + node)) return false;
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    if (path === '') return true;
    const found = installed[path];
    return found === undefined
      ? optional === true
      : found.version === version && found.integrity === integrity;
  });
}

function install() {
  console.error('Installing the packages of package-lock.json with npm ci (once; about half a minute) …');
  const started = Date.now();
  // Engine warnings are about the Node that npm itself runs on, which is not the one the scripts run on.
  const options = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const { status, error } = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...options], { cwd: root, stdio: 'inherit' })
    : spawnSync('npm', options, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status === 0) {
    console.error(`Installed in ${Math.round((Date.now() - started) / 1000)} s.`);
    return;
  }
  console.error(
    `\nThe packages could not be installed${error ? ` (${error.message})` : ''}.\n` +
      'What to do: see that the npm registry can be reached (npm ping; behind a proxy: npm config set proxy …),\n' +
      'then run the same command again.',
  );
  process.exit(1);
}

if (!isInstalled()) install();
