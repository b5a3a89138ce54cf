import type { OpenPortProps } from '@mlterra/core';
import { ComputeInstanceGroup, type ComputeInstanceGroupProps } from './compute-instance-group';
import type { DemoProps } from './testing/demo';
import { every, only, synth } from './testing/synth';

function build(
  props: Partial<ComputeInstanceGroupProps> = {},
  stage: DemoProps = {},
  ports: readonly OpenPortProps[] = [],
) {
  return synth(({ subnetwork, keyRing, stack }) => {
    const machines = stack('machines');
    const group = new ComputeInstanceGroup(machines, 'group', {
      subnetwork: subnetwork(),
      keyRing,
      healthCheck: { port: 8080, httpPath: '/health' },
      ...props,
    });
    ports.forEach((port, index) => group.openPort(machines, `port-${index}`, port));
  }, stage)['dev/machines'];
}

const TEMPLATE = 'google_compute_region_instance_template';

describe('ComputeInstanceGroup', () => {
  it('has no public addresses, checks what it boots, and is logged in to through Google only', () => {
    const template = only(build({ userData: '#cloud-config\n' }), TEMPLATE);
    expect(JSON.stringify(template)).not.toContain('access_config');
    expect(template).toMatchObject({
      shielded_instance_config: { enable_secure_boot: true, enable_vtpm: true },
      metadata: {
        'enable-oslogin': 'TRUE',
        'block-project-ssh-keys': 'TRUE',
        'serial-port-enable': 'FALSE',
        'user-data': '#cloud-config\n',
      },
    });
  });

  it('is as large as the profile says', () => {
    const size = (stack: ReturnType<typeof build>): unknown =>
      only(stack, 'google_compute_region_autoscaler').autoscaling_policy;
    expect(size(build())).toMatchObject({ min_replicas: 1, max_replicas: 3 });
    expect(size(build({}, { profile: 'production' }))).toMatchObject({ min_replicas: 3, max_replicas: 9 });
  });

  it('runs on spot machines only when asked', () => {
    expect(only(build(), TEMPLATE)).toMatchObject({ scheduling: { provisioning_model: 'STANDARD' } });
    expect(only(build({ spot: true }), TEMPLATE)).toMatchObject({
      scheduling: { provisioning_model: 'SPOT', preemptible: true },
    });
  });

  it('opens ports to its own machines, for the ranges given', () => {
    const stack = build({}, {}, [{ port: { port: 443, protocol: 'tcp' }, from: ['10.0.0.0/8'] }]);
    const rules = every(stack, 'google_compute_firewall');
    expect(rules).toHaveLength(2);
    expect(rules).toContainEqual(
      expect.objectContaining({
        allow: [{ protocol: 'tcp', ports: ['443'] }],
        source_ranges: ['10.0.0.0/8'],
        target_service_accounts: [expect.stringContaining('google_service_account') as string],
      }),
    );
  });

  it('opens each port with a rule of its own, for all its ranges, the first and the last one included', () => {
    const from = ['10.0.0.0/8', '203.0.113.7/32'];
    const stack = build({}, {}, [
      { port: { port: 1, protocol: 'tcp' }, from },
      { port: { port: 65_535, protocol: 'tcp' }, from: ['192.168.0.0/16'] },
    ]);
    const rules = every(stack, 'google_compute_firewall').filter(({ name }) =>
      /-port-\d$/.test(String(name)),
    );
    expect(rules.map(({ allow, source_ranges }) => [allow, source_ranges])).toEqual([
      [[{ protocol: 'tcp', ports: ['1'] }], from],
      [[{ protocol: 'tcp', ports: ['65535'] }], ['192.168.0.0/16']],
    ]);
  });

  it.each<[OpenPortProps, string]>([
    [
      { port: { port: 443, protocol: 'tcp' }, from: ['0.0.0.0/0'] },
      'dev-machines/port-0: from "0.0.0.0/0" lets in the internet.',
    ],
    [
      { port: { port: 443, protocol: 'tcp' }, from: ['10.0.0.0/8', '203.0.113.0/24', '0.0.0.0/0'] },
      'dev-machines/port-0: from "0.0.0.0/0" lets in the internet.',
    ],
    [{ port: { port: 0, protocol: 'tcp' }, from: ['10.0.0.0/8'] }, 'dev-machines/port-0: 0 is not a port.'],
    [
      { port: { port: 0.5, protocol: 'tcp' }, from: ['10.0.0.0/8'] },
      'dev-machines/port-0: 0.5 is not a port.',
    ],
    [
      { port: { port: 65_536, protocol: 'tcp' }, from: ['10.0.0.0/8'] },
      'dev-machines/port-0: 65536 is not a port.',
    ],
    [
      { port: { port: 443, protocol: 'tcp' }, from: [] },
      'dev-machines/port-0: no address range may reach the port.',
    ],
    [
      { port: { port: 70_000, protocol: 'tcp' }, from: ['10.0.0.0/8'] },
      'dev-machines/port-0: 70000 is not a port.',
    ],
  ])('refuses to open %p', (port, message) => {
    expect(() => build({}, {}, [port])).toThrow(message);
  });

  it.each<[Partial<ComputeInstanceGroupProps>, string]>([
    [{ minMachines: 0 }, 'dev-machines/group: minMachines cannot be 0.'],
    [{ minMachines: 4, maxMachines: 3 }, 'dev-machines/group: maxMachines cannot be 3.'],
    [{ diskSizeGiB: 1 }, 'dev-machines/group: diskSizeGiB cannot be 1.'],
    [{ healthCheck: { port: 0 } }, 'dev-machines/group: 0 is not a port.'],
  ])('refuses %p', (props, message) => {
    expect(() => build(props)).toThrow(message);
  });
});
