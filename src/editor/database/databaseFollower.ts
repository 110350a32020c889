/** What happened to a followed file: new content, another file in its place, gone, or back again. */
export type FileEvent = 'changed' | 'replaced' | 'vanished' | 'appeared';

/** Ends following. */
export interface FollowedFile {
  dispose(): void;
}

/** Tells what happens to a database file, whoever writes it. */
export interface DatabaseFollower {
  /** `path` is absolute and need not exist. */
  follow(path: string, onEvent: (event: FileEvent) => void): FollowedFile;
}
