import { Release } from '@cdktf/provider-helm/lib/release';
import { chartSource, renderLiterals, workloadName, type ChartProps, type ChartSource } from '@mlterra/core';
import { TerraformLocal } from 'cdktf';
import { Construct } from 'constructs';
import { chartPolicies } from './chart-policies';
import type { KubernetesStack } from './kubernetes-stack';
import { releaseName } from './names';
import { renderTree } from './render-tree';

const DEFAULT_START_SECONDS = 300;

/** Releases that can be rolled back to. */
const MAX_HISTORY = 10;

/** An upstream chart, as a release of its own after that of the stack. */
export class KubernetesChart extends Construct {
  /** The raw resource. */
  public readonly resource: Release;

  public constructor(scope: Construct, id: string, stack: KubernetesStack, props: ChartProps) {
    super(scope, id);
    const { path } = this.node;
    const { chart, startSeconds = DEFAULT_START_SECONDS } = props;
    const name = releaseName(props.releaseName ?? chart.name);
    stack.addRelease(path, name);
    stack.admit(props.podSecurity ?? 'restricted');
    for (const policy of chartPolicies(workloadName(this), stack, props)) stack.addObject(path, policy);
    const what = `the values of the chart "${chart.name}"`;
    const values = new TerraformLocal(this, 'Values', renderTree(this, what, props.values ?? {}));
    this.resource = new Release(this, 'Resource', {
      name,
      namespace: stack.namespace,
      ...(renderLiterals(chartSource(path, chart)) as ChartSource),
      values: [`\${jsonencode(local.${values.friendlyUniqueId})}`],
      description: stack.repairs,
      atomic: true,
      cleanupOnFail: true,
      maxHistory: MAX_HISTORY,
      timeout: stack.cluster.schedulingSeconds + startSeconds,
      skipCrds: props.skipCrds ?? false,
      upgradeInstall: true,
      wait: true,
      waitForJobs: true,
      dependsOn: [stack.release],
    });
  }
}
