import type { PhaseKey } from '../model/phase.ts';
import { timeId } from '../model/timestamp.ts';

/** The id of a session started at a time (ms since the epoch): `batch-drain-YYYYMMDD-HHMMSS`, in UTC. */
export function sessionIdAt(ms: number): string {
  return `batch-drain-${timeId(ms)}`;
}

/** Whether a text is the id of a session, of this program or of Autopack: what others wrote in its place could be a command. */
export function isSessionId(text: string): boolean {
  return /^batch-drain-[\w.-]{1,100}$/.test(text);
}

/**
 * The name of our file beside a session file. It must not begin like a session:
 * Autopack takes every `batch-drain-*.json` for one, and trips over what it does not know.
 */
export function hygieneFileName(sessionId: string): string {
  return `hygiene-${sessionId}.json`;
}

/** Names Windows keeps for devices, whatever their extension. */
const reserved = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])$/i;
const unsafe = /[^\p{L}\p{N}._-]+/gu;
const longestPart = 60;

/**
 * The name, without extension, of an attempt's log files: `<run>__<phase>` as in Autopack, made safe for every
 * file system; from the second attempt on with its number. Different phases never share a name, also not on disks that
 * do not tell upper from lower case.
 */
export function logName({ runId, phaseId }: PhaseKey, attempt: number): string {
  const again = attempt === 1 ? '' : `~attempt${attempt}`;
  return `${safePart(runId)}__${safePart(phaseId)}${again}`;
}

/** Kept as it is where that is safe; otherwise cut and marked with a hash of the whole id. */
function safePart(id: string): string {
  const cleaned = id
    .replace(unsafe, '_')
    .replace(/^\.+|\.+$/g, '_')
    .slice(0, longestPart);
  const isDevice = reserved.test(cleaned.split('.')[0] ?? '');
  // Two underscores separate run and phase, so neither may bring its own.
  if (cleaned === id && id !== '' && isFolded(id) && !/^_|__|_$/.test(id) && !isDevice) return id;
  return `${isDevice ? '_' : ''}${cleaned.replace(/_{2,}/g, '_')}~${hash(id)}`;
}

/** Whether no other id in the same form is the same name to a disk that ignores letter case or Unicode's forms. */
function isFolded(id: string): boolean {
  return id.normalize('NFC').toUpperCase().toLowerCase() === id;
}

/** FNV-1a, 32 bits, as hexadecimal: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return (value >>> 0).toString(16).padStart(8, '0');
}
