import type { Identity } from '@mlterra/core';
import { CloudDnsZone } from './cloud-dns-zone';
import { project } from './testing/demo';
import { every, only, synth } from './testing/synth';

const GRANT = 'google_dns_managed_zone_iam_member';

describe('CloudDnsZone', () => {
  it('is signed, and not destroyed with records in it', () => {
    const stacks = synth(
      (demo) => void new CloudDnsZone(demo.stack('dns'), 'zone', { project, domain: 'ml.example.org' }),
    );
    expect(only(stacks['dev/dns'], 'google_dns_managed_zone')).toMatchObject({
      name: 'demo-dev-dns-zone',
      dns_name: 'ml.example.org.',
      visibility: 'public',
      force_destroy: false,
      dnssec_config: { state: 'on' },
    });
    expect(only(stacks['dev/dns'], 'google_project_iam_custom_role')).toMatchObject({
      role_id: 'demo_dev_dns_zone',
    });
  });

  it('lets a service account change records of this zone, and nothing else, in the stack of the grantee', () => {
    const stacks = synth((demo) => {
      const zone = new CloudDnsZone(demo.stack('dns'), 'zone', { project, domain: 'ml.example.org' });
      const identity = demo.cluster().addIdentity(demo.stack('tool'), 'Identity');
      zone.grantChallenges(identity);
      expect(zone.grantChallenges(identity).dns01).toEqual({
        cloudDNS: { project: 'demo-project', hostedZoneName: zone.zoneName },
      });
    });
    const permissions = only(stacks['dev/dns'], 'google_project_iam_custom_role').permissions as string[];
    expect(permissions.filter((each) => !/^dns\.(changes|resourceRecordSets)\./.test(each))).toEqual([]);
    expect(every(stacks['dev/dns'], GRANT)).toEqual([]);
    expect(only(stacks['dev/tool'], GRANT)).toMatchObject({
      managed_zone: '${data.terraform_remote_state.upstream_dev_dns.outputs.zone_zoneName}',
      role: '${data.terraform_remote_state.upstream_dev_dns.outputs.zone_challengeRole}',
      member: expect.stringMatching(/^principal:\/\/.*\/subject\/ns\/dev-tool\/sa\/identity$/) as string,
    });
  });

  it.each(['example.org', 'a.b-c.d1e', `${'a'.repeat(63)}.org`, '1.example.org'])('takes "%s"', (domain) => {
    const stacks = synth((demo) => void new CloudDnsZone(demo.stack('dns'), 'zone', { project, domain }));
    expect(only(stacks['dev/dns'], 'google_dns_managed_zone')).toMatchObject({ dns_name: `${domain}.` });
  });

  it.each([
    ...['example', 'ml.example.org.', 'ML.example.org', '*.example.org', ' a.example.org', 'a.example.org '],
    ...[
      '-a.example.org',
      'a-.example.org',
      'a..org',
      '.example.org',
      'example.1rg',
      'example.o',
      'example.org-',
    ],
    `${'a'.repeat(64)}.org`,
  ])('refuses "%s"', (domain) => {
    expect(() =>
      synth((demo) => void new CloudDnsZone(demo.stack('dns'), 'zone', { project, domain })),
    ).toThrow(`dev-dns/zone: "${domain}" is not a domain.`);
  });

  it.each<[string, Identity['principal'], string]>([
    ['nobody', undefined, 'no cloud knows who that is.'],
    ['another cloud', { cloud: 'aws', member: 'arn' }, 'it is an identity of aws, not of gcp.'],
  ])('refuses an identity of %s', (_, principal, message) => {
    expect(() =>
      synth((demo) => {
        const scope = demo.stack('dns');
        const zone = new CloudDnsZone(scope, 'zone', { project, domain: 'ml.example.org' });
        zone.grantChallenges({ scope, name: 'web', principal });
      }),
    ).toThrow(message);
  });
});
