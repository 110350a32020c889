/** The programs that run outside of the editor, by the file in `dist` that starts them: one bundle, for they share most of it. */
const programs = {
  cli: () => import('./cli.ts'),
  drainHost: () => import('./node/drain/drainHost.ts'),
};

/** What `dist` can start. */
export type ProgramName = keyof typeof programs;

/** Runs one. Nothing of the others is evaluated. */
export async function run(program: ProgramName): Promise<void> {
  await programs[program]();
}
