/**
 * Runs one server for a test and outlives neither it nor the test: the server is ended and its folders are
 * removed when this process's standard input closes, which the kernel does however the test process ends.
 *
 * Argument: JSON { command, args, uid?, gid?, signal, remove }.
 */
const { spawn } = require('node:child_process');
const { rmSync } = require('node:fs');

const job = JSON.parse(process.argv[2]);

function finish(code) {
  for (const folder of job.remove) rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}

const server = spawn(job.command, job.args, {
  cwd: '/',
  uid: job.uid,
  gid: job.gid,
  stdio: ['ignore', 'inherit', 'inherit'],
});
server.on('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  finish(127);
});
server.on('exit', (code) => finish(code ?? 1));

function end() {
  server.kill(job.signal);
  setTimeout(() => server.kill('SIGKILL'), 5000).unref();
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
process.stdin.on('end', end).resume();
