import type { Socket } from 'node:net';
import type { LeaseMode } from './leases';

/** What the process that keeps the engine is asked; JSON lines on its socket. */
export type Question =
  | { readonly ask: 'lease'; readonly pid: number; readonly mode: LeaseMode; readonly cache: string }
  /** Makes images on demand; only engine 0 does. */
  | { readonly ask: 'make'; readonly images: readonly string[] }
  | {
      readonly ask: 'kill' | 'restart' | 'end';
    };

/** What it answers: any number of notes, then one of the others. A lease lasts as long as the connection. */
export type Answer =
  | { readonly note: string }
  | { readonly ready: { readonly pid: number; readonly registry: string } }
  | { readonly done: true }
  | { readonly otherCache: string }
  | { readonly error: string };

export function send(socket: Socket, message: Question | Answer): void {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}

/** Calls back for every whole line. */
export function onMessage<T>(socket: Socket, handle: (message: T) => void): void {
  let text = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    text += chunk;
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) handle(JSON.parse(line) as T);
  });
}
