import { unknownWord } from '../errors';
import { build } from './build';
import { down, status } from './down';
import { isServerName, SERVER_NAMES, serverKind, type ServerName } from './servers';
import { up } from './up';

const COMMANDS = ['up', 'down', 'status'];

const USAGE = `npm run testbed                     builds what is missing
npm run testbed -- up [server…]     starts servers that outlive the command, and prints the variables to use them
npm run testbed -- down [server…]   stops them, and leaves nothing
npm run testbed -- status           says what runs

Servers: ${SERVER_NAMES.join(', ')}; without a name: all that can run here.
For a shell: eval "$(npm run --silent testbed -- up docker kubernetes)"`;

async function main([command, ...words]: readonly string[]): Promise<void> {
  if (command === undefined) return build();
  if (['--help', '-h', 'help'].includes(command) || words.includes('--help')) return console.log(USAGE);
  if (!COMMANDS.includes(command)) throw unknownWord(command, COMMANDS);
  const unknown = words.find((word) => !isServerName(word) || command === 'status');
  if (unknown !== undefined) throw unknownWord(unknown, command === 'status' ? [] : SERVER_NAMES);
  const names = words.filter(isServerName);
  if (command === 'up') return up(names.length > 0 ? names : runnable());
  if (command === 'down') return down(names.length > 0 ? names : SERVER_NAMES);
  status();
}

function runnable(): readonly ServerName[] {
  return SERVER_NAMES.filter((name) => serverKind(name).refusal?.() === undefined);
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
