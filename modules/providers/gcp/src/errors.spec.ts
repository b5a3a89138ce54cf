import { errorProblems } from '@mlterra/testing';
import * as errors from './errors';

const path = 'dev-app/Server';

describe('errors', () => {
  it('each say what was given, and what to do', () => {
    expect(
      errorProblems(errors, {
        projectIdInvalid: ['Acme'],
        projectNumberInvalid: ['acme-ml'],
        regionInvalid: ['europe-west3-a'],
        zoneOutsideRegion: ['europe-west4-a', 'europe-west3'],
        projectsMixed: [path, 'acme-one', 'acme-two'],
        regionsDiffer: [path, 'network', 'europe-west3', 'europe-west4'],
        nameTaken: [path, 'demo-dev-app', 'dev-other/Server'],
        cidrInvalid: [path, 'range', '10.0.0.1/20'],
        cidrTooSmall: [path, 'range', '10.0.0.0/30', 28],
        rangesOverlap: [path, 'range', '10.0.0.0/20', '10.0.0.0/16 of dev-net/Subnet'],
        openToInternet: [path, 'from', '0.0.0.0/0'],
        nodeCountInvalid: [path, 'minNodes', 0.5, 'a whole number'],
        machineCountInvalid: [path, 'count', 0.5, 'at most 1000'],
        majorVersionUnsupported: [path, 9, '16, 17, 18'],
        diskSizeInvalid: [path, 5, 10],
        databaseNameInvalid: [path, 'pg_x'],
        databaseDuplicate: [path, 'mlflow', 'dev-other/Database'],
        granteeWithoutPrincipal: [path, 'reader'],
        granteeOfOtherCloud: [path, 'reader', 'aws'],
        portInvalid: [path, 70_000],
        sourceMissing: [path],
        storageClassNameInvalid: [path, 'Fast'],
        secretPrefixInvalid: [path, 'a b'],
        granteeNotInCluster: [path, 'reader'],
        domainInvalid: [path, 'Example'],
      }),
    ).toEqual([]);
  });
});
