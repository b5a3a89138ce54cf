import { synthStack } from '@mlterra/testing';
import { GoogleProject, type GoogleProjectProps } from './google-project';
import { KeyRing } from './key-ring';
import { project } from './testing/demo';
import { synth } from './testing/synth';

const given: GoogleProjectProps = {
  projectId: 'demo-project',
  projectNumber: '123456789012',
  region: 'europe-west3',
};

describe('GoogleProject', () => {
  it.each(['Demo-project', 'demo', '1demo-project', 'demo-project-', 'demo_project', `d${'x'.repeat(30)}`])(
    'refuses the id "%s"',
    (projectId) => {
      expect(() => new GoogleProject({ ...given, projectId })).toThrow(
        `"${projectId}" is not the id of a Google Cloud project.`,
      );
    },
  );

  it.each(['', 'demo-project', '12a456789012', '012345678901'])(
    'refuses the number "%s"',
    (projectNumber) => {
      expect(() => new GoogleProject({ ...given, projectNumber })).toThrow(
        `"${projectNumber}" is not the number of a Google Cloud project.`,
      );
    },
  );

  it.each(['europe-west3-a', 'Frankfurt', 'eu'])('refuses the region "%s"', (region) => {
    expect(() => new GoogleProject({ ...given, region })).toThrow(
      `"${region}" is not a region of Google Cloud.`,
    );
  });

  it.each(['demo-1', 'd2345678901234567890123456789z', 'abcdef'])('takes the id "%s"', (projectId) => {
    expect(new GoogleProject({ ...given, projectId }).projectId).toBe(projectId);
  });

  it.each([' demo-project', 'demo-project ', 'demo.project', 'demo1', 'dEmo-project'])(
    'refuses the id "%s", too',
    (projectId) => {
      expect(() => new GoogleProject({ ...given, projectId })).toThrow(
        'is not the id of a Google Cloud project.',
      );
    },
  );

  it.each(['12345', ' 123456789012', '123456789012 ', '1'.repeat(20)])(
    'refuses the number "%s", too',
    (number) => {
      expect(() => new GoogleProject({ ...given, projectNumber: number })).toThrow(
        `"${number}" is not the number of a Google Cloud project.`,
      );
    },
  );

  it.each(['us-central1', 'northamerica-northeast12'])('takes the region "%s"', (region) => {
    expect(new GoogleProject({ ...given, region, zones: [`${region}-a`, `${region}-f`] })).toMatchObject({
      region,
      zones: [`${region}-a`, `${region}-f`],
    });
  });

  it.each([' europe-west3', 'europe-west3 ', 'europe-west', 'europe3', '-west3', 'europe-', 'EUROPE-west3'])(
    'refuses the region "%s", too',
    (region) => {
      expect(() => new GoogleProject({ ...given, region })).toThrow(`"${region}" is not a region`);
    },
  );

  it.each(['europe-west3', 'europe-west3-', 'europe-west3-ab', 'europe-west3-1', 'a-europe-west3-a'])(
    'refuses the zone "%s" after a good one',
    (zone) => {
      expect(() => new GoogleProject({ ...given, zones: ['europe-west3-a', zone] })).toThrow(
        `The zone "${zone}" is not in the region europe-west3.`,
      );
    },
  );

  it('is the same as another one of its project and its region only', () => {
    const same = new GoogleProject({ ...given, zones: ['europe-west3-a'] });
    const others = [{ projectId: 'other-project' }, { region: 'europe-west4' }].map(
      (changes) => new GoogleProject({ ...given, ...changes }),
    );
    expect(new GoogleProject(given).equals(same)).toBe(true);
    expect(others.map((other) => other.equals(same))).toEqual([false, false]);
  });

  it('refuses a second region of its project in a stack', () => {
    const other = new GoogleProject({ ...given, region: 'us-central1' });
    expect(() =>
      synthStack((stack) => {
        new KeyRing(stack, 'one', { project });
        new KeyRing(stack, 'two', { project: other });
      }),
    ).toThrow(
      'dev-main/two belongs to the project demo-project/us-central1, but its stack already holds things of the project demo-project/europe-west3.',
    );
  });

  it('refuses a zone of another region', () => {
    expect(() => new GoogleProject({ ...given, zones: ['europe-west3-a', 'europe-west4-b'] })).toThrow(
      'The zone "europe-west4-b" is not in the region europe-west3.',
    );
  });

  it('configures the provider once in every stack, without credentials', () => {
    const stacks = synth(({ cluster, database }) => {
      cluster();
      database();
    });
    for (const { provider } of Object.values(stacks)) {
      expect(provider!.google).toEqual([{ project: 'demo-project', region: 'europe-west3' }]);
    }
  });

  it('refuses a second project in a stack', () => {
    const other = new GoogleProject({ ...given, projectId: 'other-project' });
    expect(() =>
      synthStack((stack) => {
        new KeyRing(stack, 'one', { project });
        new KeyRing(stack, 'two', { project: other });
      }),
    ).toThrow(
      'dev-main/two belongs to the project other-project/europe-west3, but its stack already holds things of the project demo-project/europe-west3.',
    );
  });
});
