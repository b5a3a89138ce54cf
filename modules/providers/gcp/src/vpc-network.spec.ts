import { synthStack, type StackJson } from '@mlterra/testing';
import { Subnetwork, type SubnetworkProps } from './subnetwork';
import { project } from './testing/demo';
import { every, only } from './testing/synth';
import { VpcNetwork, type VpcNetworkProps } from './vpc-network';

const room = {
  machinesCidr: '10.0.0.0/20',
  podsCidr: '10.16.0.0/16',
  servicesCidr: '10.0.16.0/20',
};

function build(
  network: Partial<VpcNetworkProps> = {},
  ...subnetworks: readonly Partial<SubnetworkProps>[]
): StackJson {
  return synthStack((stack) => {
    const vpc = new VpcNetwork(stack, 'network', { project, ...network });
    subnetworks.forEach(
      (props, index) => new Subnetwork(stack, `subnetwork-${index}`, { network: vpc, ...room, ...props }),
    );
  });
}

describe('VpcNetwork', () => {
  it('lets nothing in, and logs what tries', () => {
    expect(only(build(), 'google_compute_firewall')).toMatchObject({
      direction: 'INGRESS',
      priority: 65_534,
      source_ranges: ['0.0.0.0/0'],
      deny: [{ protocol: 'all' }],
      log_config: { metadata: 'INCLUDE_ALL_METADATA' },
    });
  });

  it('lets everything out through NAT, and has no subnetworks of its own', () => {
    const stack = build();
    expect(only(stack, 'google_compute_network')).toMatchObject({ auto_create_subnetworks: false });
    expect(only(stack, 'google_compute_router_nat')).toMatchObject({
      source_subnetwork_ip_ranges_to_nat: 'ALL_SUBNETWORKS_ALL_IP_RANGES',
      log_config: { enable: true },
    });
  });

  it('reserves a range for managed services', () => {
    expect(only(build(), 'google_compute_global_address')).toMatchObject({
      purpose: 'VPC_PEERING',
      address: '10.255.0.0',
      prefix_length: 16,
    });
    expect(
      only(build({ privateServicesCidr: '10.9.8.0/24' }), 'google_compute_global_address'),
    ).toMatchObject({ address: '10.9.8.0', prefix_length: 24 });
  });

  it('refuses a range for managed services that is too small', () => {
    expect(() => build({ privateServicesCidr: '10.9.8.0/25' })).toThrow(
      'dev-main/network: privateServicesCidr "10.9.8.0/25" is too small.',
    );
  });
});

describe('Subnetwork', () => {
  it('has room for machines, pods and services, logs, and reaches Google privately', () => {
    expect(only(build({}, {}), 'google_compute_subnetwork')).toMatchObject({
      ip_cidr_range: '10.0.0.0/20',
      private_ip_google_access: true,
      secondary_ip_range: [
        { range_name: 'pods', ip_cidr_range: '10.16.0.0/16' },
        { range_name: 'services', ip_cidr_range: '10.0.16.0/20' },
      ],
      log_config: { metadata: 'INCLUDE_ALL_METADATA' },
    });
  });

  it('can be added more than once, with ranges of its own', () => {
    const more = { machinesCidr: '10.1.0.0/20', podsCidr: '10.17.0.0/16', servicesCidr: '10.1.16.0/20' };
    expect(every(build({}, {}, more), 'google_compute_subnetwork')).toHaveLength(2);
  });

  it.each([
    [{ machinesCidr: '10.0.0.1/20' }, 'machinesCidr "10.0.0.1/20" is not an IPv4 range.'],
    [{ machinesCidr: '10.0.0.0/29' }, 'machinesCidr "10.0.0.0/29" is too small.'],
    [{ podsCidr: '10.16.0.0/22' }, 'podsCidr "10.16.0.0/22" is too small.'],
    [{ servicesCidr: 'services' }, 'servicesCidr "services" is not an IPv4 range.'],
    [
      { servicesCidr: '10.0.8.0/24' },
      'servicesCidr "10.0.8.0/24" overlaps with machinesCidr "10.0.0.0/20" of dev-main/subnetwork-0.',
    ],
    [
      { podsCidr: '10.240.0.0/12' },
      'podsCidr "10.240.0.0/12" overlaps with privateServicesCidr "10.255.0.0/16" of dev-main/network.',
    ],
  ])('refuses %p', (props, message) => {
    expect(() => build({}, props)).toThrow(`dev-main/subnetwork-0: ${message}`);
  });

  it('refuses ranges of another subnetwork', () => {
    expect(() => build({}, {}, {})).toThrow(
      'dev-main/subnetwork-1: machinesCidr "10.0.0.0/20" overlaps with machinesCidr "10.0.0.0/20" of dev-main/subnetwork-0.',
    );
  });
});
