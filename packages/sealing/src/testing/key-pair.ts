import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface KeyPair {
  /** PEM */
  readonly certificate: string;
  readonly certificateFile: string;
  readonly privateKeyFile: string;
}

/** A key and its certificate, as a controller makes them. */
export function makeKeyPair(folder: string, algorithm = 'rsa:2048'): KeyPair {
  const name = algorithm.replace(':', '-');
  const privateKeyFile = join(folder, `${name}.key`);
  const certificateFile = join(folder, `${name}.crt`);
  const kind = algorithm === 'ec' ? ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'] : [algorithm];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-nodes', '-subj', '/CN=sealed-secrets', '-days', '2', '-newkey', ...kind],
      ...['-keyout', privateKeyFile, '-out', certificateFile],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  return { certificate: readFileSync(certificateFile, 'utf8'), certificateFile, privateKeyFile };
}
