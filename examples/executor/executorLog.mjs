// @ts-check

/** The current time as Autopack stores it: `YYYY-MM-DD HH:MM:SS.ffffff`, in UTC. */
export function storedNow() {
  return new Date().toISOString().replace('T', ' ').replace('Z', '000');
}

/**
 * A log line as Autopack's, which log parsers know by its prefix.
 * @param {string} message
 */
export function logInfo(message) {
  console.log(`[${storedNow().slice(0, 19)}] INFO: ${message}`);
}

/**
 * A line of the program itself, beside the log.
 * @param {string} message
 */
export function say(message) {
  console.log(`[drain_one_phase] ${message}`);
}

/**
 * Something that went wrong, on stderr.
 * @param {string} message
 */
export function complain(message) {
  console.error(`[drain_one_phase] ${message}`);
}
