/** A time (ms since the epoch) as the reference puts it into names: `YYYYMMDD-HHMMSS`, in UTC. */
export function timeId(ms: number): string {
  const [date = '', time = ''] = new Date(ms).toISOString().split('T');
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}`;
}
