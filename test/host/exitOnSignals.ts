/**
 * Makes an interrupted command end through `exit`, whose listeners take everything down that was started.
 * Returns how to end that, for who wants to do it in order instead.
 */
export function exitOnSignals(): () => void {
  const onInterrupt = (): void => process.exit(130);
  const onTerminate = (): void => process.exit(143);
  process.once('SIGINT', onInterrupt);
  process.once('SIGTERM', onTerminate);
  return () => {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onTerminate);
  };
}
