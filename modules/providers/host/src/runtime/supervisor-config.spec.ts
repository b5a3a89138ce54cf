import { webProcess } from '../testing/bench';
import { DataFolder } from './data-folder';
import { mainConfig, programConfig } from './supervisor-config';

const data = new DataFolder('/data/demo', 'demo');
const name = { environment: 'demo', stage: 'dev', stack: 'mlflow' };

it('configures a process with the check of its URL', () => {
  const process = webProcess('server', 5000, 'x', { stopGraceSeconds: 12, logBackups: 7 });
  const probe = { kind: 'http', port: 5000, httpPath: '/a%20b', startSeconds: 60 } as const;
  expect(
    programConfig({
      data,
      name,
      process: { ...process, probe },
      script: '/data/demo/run.sh',
      toolsBin: '/tools/bin',
    }),
  ).toMatchInlineSnapshot(`
    "[program:demo.dev.mlflow.server]
    command = /bin/sh /data/demo/run.sh
    directory = /data/demo
    autostart = true
    autorestart = true
    startsecs = 1
    startretries = 999999
    stopsignal = TERM
    stopasgroup = true
    killasgroup = true
    stopwaitsecs = 12
    redirect_stderr = true
    stdout_logfile = /data/demo/logs/dev/mlflow/server.log
    stdout_logfile_maxbytes = 10MB
    stdout_logfile_backups = 7

    [eventlistener:demo.dev.mlflow.server.check]
    command = /tools/bin/python3 -c 'import http.client as h, superlance.httpok as o;request=h.HTTPConnection.request;o.HTTPOk.connclass=type("Again",(h.HTTPConnection,),{"request":lambda c,*a,**k:(c.close(),request(c,*a,**k))});o.main()' -E -p demo.dev.mlflow.server -t 60 http://127.0.0.1:5000/a%%20b
    events = TICK_60
    autorestart = true
    startretries = 999999
    stdout_logfile = NONE
    stderr_logfile = /data/demo/logs/dev/mlflow/server.check.log
    stderr_logfile_maxbytes = 1MB
    stderr_logfile_backups = 1
    "
  `);
});

it('stops PostgreSQL without waiting for its clients, and leaves its children to it', () => {
  const program = {
    kind: 'postgres',
    majorVersion: 18,
    superuser: 'postgres',
    password: 'secrets/x',
    folder: 'volumes/x',
    port: 5432,
  } as const;
  const probe = { kind: 'tcp', port: 5432, httpPath: '', startSeconds: 60 } as const;
  const process = { ...webProcess('postgres', 5432, 'x'), program, probe };
  const config = programConfig({ data, name, process, script: '/data/demo/run.sh', toolsBin: '/tools/bin' });
  expect(config).toContain('stopsignal = INT\nstopasgroup = false');
  expect(config).not.toContain('eventlistener');
});

it('configures the supervisor', () => {
  expect(mainConfig(data)).toMatchInlineSnapshot(`
    "[unix_http_server]
    file = /data/demo/supervisor/supervisor.sock
    chmod = 0700

    [supervisord]
    logfile = /data/demo/supervisor/supervisord.log
    logfile_maxbytes = 10MB
    logfile_backups = 2
    pidfile = /data/demo/supervisor/supervisor.pid
    childlogdir = /data/demo/supervisor
    umask = 077
    minfds = 256
    minprocs = 32
    identifier = mlterra-demo

    [rpcinterface:supervisor]
    supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

    [supervisorctl]
    serverurl = unix:///data/demo/supervisor/supervisor.sock

    [include]
    files = conf.d/*.conf
    "
  `);
});
