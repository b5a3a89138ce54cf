import { hooks } from './hooks';
import { project } from './testing/demo';
import { synthStack } from '@mlterra/testing';
import { Stack } from '@mlterra/core';

const context = { environment: 'demo', stage: 'dev', stack: 'a', environmentDir: '/', data: {} };

describe('where the variables of the caller lead', () => {
  const before = { ...process.env };
  afterEach(() => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  });

  const api = async (variables: Record<string, string> = {}) => {
    Object.assign(process.env, variables);
    const { 'Google Cloud API': target, ...others } = await hooks.targets!(context);
    expect(others).toEqual({});
    return target!;
  };

  it('is asked for every stack of a project', () => {
    let found: unknown;
    synthStack((stack) => {
      project.configure(stack);
      found = Stack.ofConstruct(stack).hooks;
    });
    expect(found).toEqual([{ module: '@mlterra/gcp/hooks', data: {} }]);
  });

  it('is Google’s API, or another one that a variable names', async () => {
    expect(await api()).toMatchObject({ value: 'googleapis.com' });
    const endpoint = 'GOOGLE_COMPUTE_CUSTOM_ENDPOINT=https://fake/compute/v1/';
    expect(
      await api({
        GOOGLE_COMPUTE_CUSTOM_ENDPOINT: 'https://me:secret@fake/compute/v1/',
        GOOGLE_DNS_CUSTOM_ENDPOINT: '',
      }),
    ).toEqual({ value: `googleapis.com with ${endpoint}`, from: endpoint });
    expect(await api({ GOOGLE_ALLOYDB_CUSTOM_ENDPOINT: 'https://fake' })).toMatchObject({
      from: `GOOGLE_ALLOYDB_CUSTOM_ENDPOINT=https://fake ${endpoint}`,
    });
  });

  it.each<Record<string, string>>([
    { GOOGLE_PROJECT: 'other', GOOGLE_CLOUD_PROJECT: 'other', GCLOUD_PROJECT: 'other' },
    { GOOGLE_REGION: 'us-east1', GOOGLE_ZONE: 'us-east1-a' },
    { GOOGLE_CREDENTIALS: '{"project_id":"other","client_email":"ci@other.iam.gserviceaccount.com"}' },
    { GOOGLE_APPLICATION_CREDENTIALS: '/other.json', GOOGLE_OAUTH_ACCESS_TOKEN: 'token' },
    { GOOGLE_IMPERSONATE_SERVICE_ACCOUNT: 'ci@other.iam.gserviceaccount.com' },
  ])('is not changed by what the source sets, nor by who acts: %j', async (variables) => {
    expect(await api(variables)).toEqual(await api());
  });
});
