/** The programs that run outside of the editor, by the file in `dist` that starts them: one bundle, for they share most of it. */
const programs = {
  cli: () => import('./cli.ts'),
  drainHost: () => import('./node/drain/drainHost.ts'),
};

/** Runs one. Nothing of the others is evaluated. */
export function start(program: keyof typeof programs): void {
  void programs[program]();
}
