import { browserHost } from './browserHost.ts';
import { desktopHost } from './desktopHost.ts';
import { findDesktop, downloadDesktop, missingDesktop } from './findDesktop.ts';
import { HostProblem } from './hostProblem.ts';
import { say } from './progress.ts';
import type { VsCodeHost } from './vsCodeHost.ts';

/** Which host to use; `auto` takes the desktop where it can be had and the browser otherwise. */
export type HostChoice = 'auto' | 'desktop' | 'browser';

/** The choice of the environment variable VSCODE_HOST, `auto` unless set. */
export function hostChoice(): HostChoice {
  const choice = process.env.VSCODE_HOST ?? 'auto';
  if (choice === 'auto' || choice === 'desktop' || choice === 'browser') return choice;
  throw new HostProblem(`VSCODE_HOST is ${choice}.`, 'set it to auto, desktop or browser, or leave it out.');
}

/** Finds the host to use, downloading the desktop build where that can be done. */
export async function chooseHost(choice: HostChoice): Promise<VsCodeHost> {
  if (choice === 'browser') return browserHost;
  const program = findDesktop() ?? (await downloadDesktop());
  if (program !== undefined) return desktopHost(program);
  if (choice === 'auto') {
    say(`${missingDesktop()} Using the VS Code server in a browser instead.`);
    return browserHost;
  }
  throw new HostProblem(missingDesktop(), 'install VS Code, or use the browser host: npm start -- --web.');
}
