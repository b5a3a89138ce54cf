import { HEALTH_PORT } from './health';
import { MACHINE_SCRIPT_PATH } from './scripts';

/** Beside the programs' own: the engine comes up, images are pulled. */
const PULL_SECONDS = 1200;

const STOP_MARGIN_SECONDS = 30;

export interface UnitProps {
  /** How long the tasks of the project may take, all of them. */
  readonly taskSeconds: number;
  /** The longest that a container may take to stop. */
  readonly stopSeconds: number;
}

/** Units of systemd by name. */
export function units(props: UnitProps): Readonly<Record<string, string>> {
  return {
    'mlterra.service': `[Unit]
Description=Containers of this machine
Wants=network-online.target
Requires=docker.service
After=docker.service network-online.target cloud-init.service cloud-init-network.service
RequiresMountsFor=/var/lib/mlterra
StartLimitIntervalSec=0

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${MACHINE_SCRIPT_PATH} up
ExecReload=${MACHINE_SCRIPT_PATH} up
ExecStop=${MACHINE_SCRIPT_PATH} stop
Restart=on-failure
RestartSec=30
TimeoutStartSec=${PULL_SECONDS + props.taskSeconds}
TimeoutStopSec=${props.stopSeconds + STOP_MARGIN_SECONDS}

[Install]
WantedBy=multi-user.target
`,
    'mlterra-health.service': `[Unit]
Description=Health of the containers of this machine
After=docker.service

[Service]
Type=oneshot
ExecStart=${MACHINE_SCRIPT_PATH} check
`,
    'mlterra-health.timer': `[Unit]
Description=Asks for the health of the containers of this machine

[Timer]
OnActiveSec=20
OnUnitInactiveSec=30
AccuracySec=5

[Install]
WantedBy=timers.target
`,
    'mlterra-answer.socket': `[Unit]
Description=Tells whether the containers of this machine are well

[Socket]
ListenStream=${HEALTH_PORT}
Accept=yes
MaxConnections=16

[Install]
WantedBy=sockets.target
`,
    'mlterra-answer@.service': `[Unit]
Description=Tells whether the containers of this machine are well
CollectMode=inactive-or-failed

[Service]
ExecStart=-${MACHINE_SCRIPT_PATH} answer
StandardInput=socket
StandardOutput=socket
StandardError=journal
User=nobody
RuntimeMaxSec=5
`,
  };
}
