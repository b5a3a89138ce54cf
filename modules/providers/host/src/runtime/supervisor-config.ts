import { join } from 'node:path';
import type { DesiredProcess } from '../spec';
import type { DataFolder, StackName } from './data-folder';

const LOG_MAX_MIB = 10;

/** A process that lives shorter than this counts as failed to start. */
const START_SECONDS = 1;

/** Waits grow by a second each time; a database that is away for an hour must not end its clients for good. */
const START_RETRIES = 999_999;

/** The supervisor knows no slashes in names, and our names hold no dots. */
export function programName(name: StackName, process: string): string {
  return `${name.environment}.${name.stage}.${name.stack}.${process}`;
}

/** Name of the health check that goes with a program. */
export function checkName(program: string): string {
  return `${program}.check`;
}

/** Configuration of the supervisor itself. */
export function mainConfig(data: DataFolder): string {
  return ini({
    unix_http_server: { file: data.socket, chmod: '0700' },
    supervisord: {
      logfile: data.path('supervisor', 'supervisord.log'),
      logfile_maxbytes: `${LOG_MAX_MIB}MB`,
      logfile_backups: 2,
      pidfile: data.pidFile,
      childlogdir: data.path('supervisor'),
      umask: '077',
      minfds: 256,
      minprocs: 32,
      identifier: `mlterra-${data.environment}`,
    },
    'rpcinterface:supervisor': {
      'supervisor.rpcinterface_factory': 'supervisor.rpcinterface:make_main_rpcinterface',
    },
    supervisorctl: { serverurl: `unix://${data.socket}` },
    include: { files: 'conf.d/*.conf' },
  });
}

export interface ProgramConfigProps {
  readonly data: DataFolder;
  readonly name: StackName;
  readonly process: DesiredProcess;
  /** The script that becomes the process; another version of the process has another one. */
  readonly script: string;
  /** Folder with `httpok`. */
  readonly toolsBin: string;
}

/** Configuration of one process, and of the check that restarts it when it hangs. */
export function programConfig(props: ProgramConfigProps): string {
  const { data, process } = props;
  const program = programName(props.name, process.name);
  const postgres = process.program.kind === 'postgres';
  const sections: Record<string, Record<string, string | number | boolean>> = {
    [`program:${program}`]: {
      command: `/bin/sh ${props.script}`,
      directory: data.root,
      autostart: true,
      autorestart: true,
      startsecs: START_SECONDS,
      startretries: START_RETRIES,
      // Fast shutdown for PostgreSQL: a SIGTERM would wait for every client to leave.
      stopsignal: postgres ? 'INT' : 'TERM',
      // The server of PostgreSQL tells its own children.
      stopasgroup: !postgres,
      killasgroup: true,
      stopwaitsecs: process.stopGraceSeconds,
      redirect_stderr: true,
      stdout_logfile: data.logFile(props.name, process.name),
      stdout_logfile_maxbytes: `${LOG_MAX_MIB}MB`,
      stdout_logfile_backups: process.logBackups,
    },
  };
  if (process.probe.kind === 'http') {
    const url = `http://127.0.0.1:${process.probe.port}${process.probe.httpPath}`;
    sections[`eventlistener:${checkName(program)}`] = {
      // A refused connection is tried again until the time of a first start is over; -E: only while it runs.
      command: `${join(props.toolsBin, 'python3')} -c '${HTTPOK}' -E -p ${program} -t ${process.probe.startSeconds} ${url}`,
      events: 'TICK_60',
      autorestart: true,
      startretries: START_RETRIES,
      stdout_logfile: 'NONE',
      stderr_logfile: data.logFile(props.name, `${process.name}.check`),
      stderr_logfile_maxbytes: '1MB',
      stderr_logfile_backups: 1,
    };
  }
  return ini(sections);
}

/**
 * httpok with a connection that it can try again: its own one (superlance 2.0.0, `timeoutconn.py`) loses the error number by
 * which httpok knows a refusal, and none can be used again after an error unless it was closed. Without this, httpok would
 * restart at once what has not begun to listen. No space may stand before a semicolon: a comment would begin there.
 */
const HTTPOK = [
  'import http.client as h, superlance.httpok as o',
  'request=h.HTTPConnection.request',
  'o.HTTPOk.connclass=type("Again",(h.HTTPConnection,),{"request":lambda c,*a,**k:(c.close(),request(c,*a,**k))})',
  'o.main()',
].join(';');

function ini(
  sections: Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>>,
): string {
  return Object.entries(sections)
    .map(([section, values]) => {
      // The supervisor expands %(…)s in every value.
      const lines = Object.entries(values).map(
        ([key, value]) => `${key} = ${String(value).replaceAll('%', '%%')}`,
      );
      return [`[${section}]`, ...lines, ''].join('\n');
    })
    .join('\n');
}
