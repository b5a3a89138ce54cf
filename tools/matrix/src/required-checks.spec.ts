import { gcpRecipe } from '@mlterra/gcp/contract';
import { hostRecipe } from '@mlterra/host/contract';
import { mlflowRecipe } from '@mlterra/mlflow/contract';
import { nfsStorageRecipe } from '@mlterra/nfs-storage/contract';
import { postgresqlRecipe } from '@mlterra/postgresql/contract';
import { missingChecks } from './required-checks';

const nothing = { ran: [], findings: [] };

describe('a cell does not count', () => {
  it('of MLflow on a cloud, before all it is wired to was checked', () => {
    expect(missingChecks(nothing, mlflowRecipe, gcpRecipe)).toEqual([
      'rehearsed',
      'recipe',
      'credentials-by-reference',
      'programs',
      'image-pinned',
      'database-url',
      'database-tls',
      'object-store',
      'grants',
      'reachable',
      'services',
      'egress',
      'catalogued',
    ]);
  });

  it('of a chart and its objects, before what it is told was checked', () => {
    expect(missingChecks(nothing, nfsStorageRecipe, gcpRecipe)).toEqual([
      'rehearsed',
      'recipe',
      'credentials-by-reference',
      'charts',
      'chart-values',
      'pod-security',
      'objects',
      'egress',
      'catalogued',
    ]);
  });

  it('of MLflow on a host, before all was checked that a host has', () => {
    expect(missingChecks(nothing, mlflowRecipe, hostRecipe)).toEqual([
      'rehearsed',
      'recipe',
      'credentials-by-reference',
      'programs',
      'program-pinned',
      'database-url',
      'object-store',
      'reachable',
      'services',
    ]);
  });

  it('of a PostgreSQL server, before the server was checked', () => {
    const report = { ran: ['rehearsed', 'recipe', 'credentials-by-reference'], findings: [] };
    expect(missingChecks(report, postgresqlRecipe, hostRecipe)).toEqual(['server', 'services']);
  });
});
