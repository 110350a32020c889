const hidden = '***';

/** A text that has none of these holds nothing that is masked. */
const worthALook = /[@=:]|--|sk-|gh._|github_pat_|xox|AIza|AKIA|ASIA|hf_|gsk_|glpat-|eyJ|PRIVATE KEY|bearer/i;

/*
 * All patterns are linear: every repetition is bounded or cannot give back what it took. The order matters: what was
 * masked before is masked to the same again.
 */
const rules: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // `scheme://user:password@`, `//:password@`; the password may hold an @ itself. More slashes begin a path.
  [/(?<![/\\])(\/\/[^\s/?#"'`<>:@]{0,256}:)[^\s/?#"'`<>]{1,512}@/g, `$1${hidden}@`],
  // `https://token@host`: of a server's URL even a name alone may be the secret.
  [/(\b(?:https?|wss?):\/\/)[^\s/?#"'`<>:@]{1,512}@/gi, `$1${hidden}@`],
  // Too few slashes, or a password with slashes and question marks in it. A port is no password.
  [
    /\b((?:https?|wss?|postgres(?:ql)?|mysql|mariadb|mssql|redis|mongodb|sqlite|libsql)(?:\+\w{1,20})?:\/{0,2}[^\s:@/"'`<>]{0,256}:)(?!\/|\d{1,5}(?:[/?#\s"'`<>]|$))[^\s"'`<>]{1,512}@/gi,
    `$1${hidden}@`,
  ],
  // `user:password@host`, the scheme forgotten.
  [
    /(^|[\s"'`(=,])([\w.-]{1,64}:)(?!\/)[^\s"'`/@<>]{1,256}@(?=[\w.[\]-]{1,255}(?::\d{1,5})?(?:[/?\s"'`),;]|\.?$))/gm,
    `$1$2${hidden}@`,
  ],
  // Parameters of a URL, also percent-encoded names of one.
  [
    /([?&;#](?:amp;)?(?:[\w.%-]{0,32}[_.-])?(?:token|password|passwd|pass|pwd|pw|secret|api_?-?key|access_?-?key|auth|authorization|signature|sig|credential|credentials|jwt|key|code|sslpassword|sslkey)=)[^\s&;#"'`<>()\\]{1,2048}/gi,
    `$1${hidden}`,
  ],
  // Assignments, of environments and of connection strings.
  [
    /(^|[\s"'`(,;])((?:[\w.-]{0,48}[_.-])?(?:token|[a-z]{0,12}passw(?:or)?d|pwd|secret|api_?-?key|access_?-?key)\s{0,3}=\s{0,3})(?:"[^"\n]{1,512}"|'[^'\n]{1,512}'|[^\s&;,"'`<>)\\]{1,2048})/gim,
    `$1$2${hidden}`,
  ],
  // The same in JSON and in Python's dictionaries, as providers and clients print what they were given.
  [
    /((["'])(?:[\w.-]{0,48}[_.-])?(?:token|[a-z]{0,12}passw(?:or)?d|pwd|(?:client_?-?)?secret|(?:api|access|private)_?-?key)\2\s{0,3}:\s{0,3})(?:"(?:[^"\\\n]|\\.){1,2048}"|'(?:[^'\\\n]|\\.){1,2048}')/gi,
    `$1${hidden}`,
  ],
  // Arguments of programs.
  [
    /(^|\s)(--(?:[a-z]{1,16}-){0,3}(?:token|passw(?:or)?d|secret|api-?key|access-?key)\s{1,3})(?!-)[^\s"'`]{1,2048}/gim,
    `$1$2${hidden}`,
  ],
  [/(-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----)[\w+/=:,\s\\]{1,16384}/g, `$1${hidden}`],
  // Headers of requests.
  [
    /\b((?:x-api-key|(?:proxy-)?authorization)["']?\s{0,3}[:=]\s{0,3}["']?(?:(?:bearer|basic|token)\s{1,3})?)[^\s"',;()\\]{3,2048}/gi,
    `$1${hidden}`,
  ],
  [/\b(bearer\s{1,3})[\w.~+/=-]{8,2048}/gi, `$1${hidden}`],
  // Keys that providers mark as such.
  [/\b(sk-(?:ant-)?|gh[pousr]_|github_pat_|AIza|glpat-)[\w-]{16,256}/g, `$1${hidden}`],
  [/\b(hf_|gsk_|AKIA|ASIA)[A-Za-z0-9]{16,256}\b/g, `$1${hidden}`],
  [/\b(xox[abeprs]-)[\w-]{8,256}/g, `$1${hidden}`],
  // Tokens of JSON (RFC 7519), which say themselves whose they are.
  [/\b(eyJ)[\w-]{8,2048}\.[\w-]{8,4096}\.[\w-]{8,2048}/g, `$1${hidden}`],
];

/**
 * Hides passwords and tokens in a text that a person or a file is to get: of URLs, also malformed ones, of connection
 * strings, environments and headers. What is masked already stays as it is.
 */
export function maskSecrets(text: string): string {
  if (!worthALook.test(text)) return text;
  return rules.reduce((masked, [pattern, replacement]) => masked.replace(pattern, replacement), text);
}

/** For `JSON.stringify`: masks every text of an object and leaves the rest. */
export function maskedJson(_: string, value: unknown): unknown {
  return typeof value === 'string' ? maskSecrets(value) : value;
}
