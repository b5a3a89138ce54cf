import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { Writable } from 'node:stream';
import { fileMissing, passphrasesDiffer, passphraseWeak } from './errors';

/** Whoever guesses one faster than this is not kept out. */
const PASSPHRASE_LENGTH = 12;

/**
 * A value that nobody shall see: of a file byte for byte, or of standard input without the newline at its end, or typed
 * and not shown.
 */
export async function readValue(question: string, file: string | undefined): Promise<Buffer> {
  if (file !== undefined) return readSecretFile(file);
  if (process.stdin.isTTY) return Buffer.from(await ask(question));
  const given = await buffer(process.stdin);
  return given.subarray(0, given.length - (/\r?\n$/.exec(given.toString('latin1'))?.[0].length ?? 0));
}

/** A passphrase; typed twice where it makes something. */
export async function readPassphrase(file: string | undefined, purpose: 'make' | 'open'): Promise<string> {
  const passphrase = (await readValue('Passphrase: ', file)).toString('utf8').replace(/\r?\n$/, '');
  if (purpose === 'open') return passphrase;
  if (passphrase.length < PASSPHRASE_LENGTH) throw passphraseWeak(passphrase.length);
  if (file === undefined && process.stdin.isTTY && (await ask('The same again: ')) !== passphrase) {
    throw passphrasesDiffer();
  }
  return passphrase;
}

export function readSecretFile(file: string): Buffer {
  if (!existsSync(file)) throw fileMissing(file);
  return readFileSync(file);
}

function ask(question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  process.stderr.write(question);
  return new Promise((resolve) => {
    const end = (): void => {
      reader.close();
      process.stderr.write('\n');
    };
    reader.on('SIGINT', () => {
      end();
      process.exit(130);
    });
    reader.question('', (answer) => {
      end();
      resolve(answer);
    });
  });
}
