import { readFileSync, statSync } from 'node:fs';

/**
 * The process that holds a lock of the kernel on a file, as Terraform takes it on a local state.
 * @returns its id, 0 where it is in another container, `none`, or `unknown` where the system does not tell
 */
export function fileHolder(file: string): number | 'none' | 'unknown' {
  let table: string;
  let inode: number;
  try {
    table = readFileSync('/proc/locks', 'utf8');
    inode = statSync(file).ino;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return isMissing && (error as NodeJS.ErrnoException).path === file ? 'none' : 'unknown';
  }
  for (const line of table.split('\n')) {
    // 1: POSIX  ADVISORY  WRITE 22664 fe:00:10013047 0 EOF
    const [, pid, locked] = /^\d+:\s+POSIX\s+\S+\s+WRITE\s+(-?\d+)\s+\w+:\w+:(\d+)\s/.exec(line) ?? [];
    if (Number(locked) === inode) return Math.max(0, Number(pid));
  }
  return 'none';
}
