/** Skips the running test, or from a `before` hook its whole suite; every report then shows the reason. */
export function skipBecause(context: Mocha.Context, reason: string): never {
  const { test } = context;
  const skipped = isHook(test) ? test.parent : test;
  if (skipped !== undefined) skipped.title += ` (skipped: ${reason})`;
  return context.skip();
}

function isHook(runnable: Mocha.Runnable | undefined): runnable is Mocha.Hook {
  return (runnable as Mocha.Hook | undefined)?.type === 'hook';
}
