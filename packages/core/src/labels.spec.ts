import { TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';
import { defineEnvironment } from './environment';
import { localState } from './state/local';
import { Data } from './testing/resources';
import { withSynthesized, type Json } from './testing/synth';

/** As the generated bindings of providers write their resources. */
class Labelled extends TerraformResource {
  private given?: Record<string, string>;

  public constructor(scope: Construct, id: string, labels?: Record<string, string>) {
    super(scope, id, { terraformResourceType: 'demo_bucket' });
    this.given = labels;
  }

  public get labels(): Record<string, string> {
    return {};
  }
  public set labels(value: Record<string, string>) {
    this.given = value;
  }
  public get labelsInput(): Record<string, string> | undefined {
    return this.given;
  }
  protected override synthesizeAttributes(): Record<string, unknown> {
    return { labels: this.given };
  }
}

/** A resource whose `tags` are a list of words, as some providers have it. */
class Tagged extends TerraformResource {
  public tags: unknown = ['a'];

  public constructor(scope: Construct, id: string) {
    super(scope, id, { terraformResourceType: 'demo_machine' });
  }

  public get tagsInput(): unknown {
    return this.tags;
  }
  protected override synthesizeAttributes(): Record<string, unknown> {
    return { tags: this.tags };
  }
}

/** A resource whose `labels` are blocks, which have no setter; none are given. */
class LabelledByBlocks extends TerraformResource {
  private readonly held = new (class Blocks {})();

  public constructor(scope: Construct, id: string) {
    super(scope, id, { terraformResourceType: 'demo_volume' });
  }

  public get labels(): object {
    return this.held;
  }
  public get labelsInput(): undefined {
    return undefined;
  }
  protected override synthesizeAttributes(): Record<string, unknown> {
    return { name: 'a' };
  }
}

/** A resource with labels and, for something else, tags. */
class LabelledAndTagged extends Labelled {
  public tags: unknown;

  public get tagsInput(): unknown {
    return this.tags;
  }
  protected override synthesizeAttributes(): Record<string, unknown> {
    return { ...super.synthesizeAttributes(), tags: this.tags };
  }
}

function resources(labels: Record<string, string> | undefined, build: (scope: Construct) => void): Json {
  const environment = defineEnvironment({
    name: 'demo',
    backend: localState(),
    labels,
    stages: { dev: { profile: 'development', settings: undefined } },
    build: (stage) => build(stage.stack('main')),
  });
  return withSynthesized(environment, (synthesized) => synthesized.stack('dev-main').resource);
}

describe('labels', () => {
  it('say of every resource that takes them where it belongs', () => {
    const { demo_bucket: bucket } = resources(undefined, (scope) => new Labelled(scope, 'bucket'));
    expect(bucket.bucket.labels).toEqual({
      'managed-by': 'mlterra',
      environment: 'demo',
      stage: 'dev',
      stack: 'main',
    });
  });

  it('of the environment are added, and those given by hand win', () => {
    const { demo_bucket: bucket } = resources({ team: 'ml', 'cost-centre': '42' }, (scope) => {
      new Labelled(scope, 'bucket', { team: 'data', stage: 'mine' });
    });
    expect(bucket.bucket.labels).toEqual({
      'managed-by': 'mlterra',
      environment: 'demo',
      stage: 'mine',
      stack: 'main',
      team: 'data',
      'cost-centre': '42',
    });
  });

  it('are literal', () => {
    const { bucket } = resources(
      { '${key}': 'pattern %{value}' },
      (scope) => new Labelled(scope, 'bucket'),
    ).demo_bucket;
    expect(bucket.labels).toMatchObject({ '$${key}': 'pattern %%{value}' });
  });

  it('leave lists of tags, blocks of labels and resources without labels alone', () => {
    const made = resources({ team: 'ml' }, (scope) => {
      new Tagged(scope, 'machine');
      new LabelledByBlocks(scope, 'volume');
      new Data(scope, 'data', 'x');
    });
    expect(made.demo_machine.machine.tags).toEqual(['a']);
    expect(made.demo_volume.volume).not.toHaveProperty('labels');
    expect(made.terraform_data.data).not.toHaveProperty('labels');
    expect(made.terraform_data.data).not.toHaveProperty('tags');
  });

  it('leave tags alone where there are labels: they mean something else there', () => {
    const { demo_bucket: bucket } = resources(undefined, (scope) => new LabelledAndTagged(scope, 'bucket'));
    expect(bucket.bucket.labels).toMatchObject({ stage: 'dev' });
    expect(bucket.bucket).not.toHaveProperty('tags');
  });
});
