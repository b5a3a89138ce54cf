import { catalogue } from '@mlterra/catalogue';
import { isKubernetes } from '@mlterra/core';
import type { ToolRecipe } from '@mlterra/testing/contracts';
import { AcmeIssuer } from './acme-issuer';
import { CaIssuer } from './ca-issuer';
import { CertManager } from './cert-manager';

const API = 'cert-manager.io/v1';

/** cert-manager with its issuers, for the contract suites. */
export const certManagerRecipe: ToolRecipe = {
  tool: 'cert-manager',
  runsOn: ['kubernetes'],
  build(stack, { platform, before, dnsZone }) {
    if (!isKubernetes(platform)) throw new TypeError('cert-manager runs on Kubernetes');
    const zones = dnsZone === undefined ? [] : [dnsZone];
    const certManager = before(
      'cert-manager-operator',
      (operator) => new CertManager(operator, 'cert-manager', { platform, zones }),
    );
    const authority = new CaIssuer(stack, 'authority', { certManager });
    authority.addCertificate(stack, 'server', { dnsNames: ['server.example.org'] });
    if (dnsZone === undefined) return;
    const acme = new AcmeIssuer(stack, 'acme', { certManager, email: 'admin@example.org' });
    acme.addCertificate(stack, 'public', { dnsNames: [`*.${dnsZone.domain}`] });
  },
  expectations: {
    workloads: [],
    charts: [
      {
        chart: catalogue.certManager.chart.name,
        repository: catalogue.certManager.chart.repository,
        off: ['prometheus.enabled'],
      },
    ],
    objects: [
      { apiVersion: API, kind: 'ClusterIssuer' },
      { apiVersion: API, kind: 'Certificate' },
    ],
  },
};
