import {
  isKubernetes,
  Stack,
  type ConnectingPods,
  type ObjectManifest,
  type Peer,
  type Platform,
} from '@mlterra/core';
import { Construct } from 'constructs';
import {
  namespaceInvalid,
  namespaceOfSystem,
  nothingToDo,
  platformWithoutPolicies,
  portInvalid,
} from './errors';
import { closedNamespace, rulePolicy } from './policies';

export interface NetworkPoliciesProps {
  /** The cluster. */
  readonly platform: Platform;
  /**
   * Namespaces that are there and not made by mlterra, which closes its own: nothing gets into or out of their pods any
   * more, but what these settings and the rules let through.
   * @default - none
   */
  readonly namespaces?: Readonly<Record<string, ClosedNamespace>>;
  /** What gets through, by a name for each. @default - nothing */
  readonly rules?: Readonly<Record<string, NetworkRule>>;
}

export interface ClosedNamespace {
  /** Whether its pods reach each other. @default true */
  readonly openWithin?: boolean;
}

export interface NetworkRule {
  readonly namespace: string;
  /** Labels of the pods it is about. @default - all of the namespace */
  readonly labels?: Readonly<Record<string, string>>;
  /** Who connects to which port of them. @default - nobody */
  readonly ports?: readonly RulePort[];
  /** What they connect to. @default - nothing */
  readonly connectsTo?: readonly Peer[];
}

export interface RulePort {
  readonly port: number;
  /** Pods, or address ranges outside of the cluster, e.g. of a load balancer. */
  readonly from: ConnectingPods | { readonly cidrs: readonly string[] };
}

/** Without these a cluster stops working; their pods are the business of whoever runs it. */
const SYSTEM_NAMESPACES = ['kube-system', 'kube-public', 'kube-node-lease'];

const NAMESPACE = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const MAX_PORT = 65_535;

/** Default deny for namespaces that mlterra has not made, and what gets through; anywhere on the cluster. */
export class NetworkPolicies extends Construct {
  public constructor(scope: Construct, id: string, props: NetworkPoliciesProps) {
    super(scope, id);
    const { platform, namespaces = {}, rules = {} } = props;
    const { path } = this.node;
    if (!isKubernetes(platform)) throw platformWithoutPolicies(path, platform.platformKind);
    for (const namespace of [
      ...Object.keys(namespaces),
      ...Object.values(rules).map((each) => each.namespace),
    ]) {
      if (!NAMESPACE.test(namespace)) throw namespaceInvalid(path, namespace);
    }
    for (const namespace of Object.keys(namespaces)) {
      if (SYSTEM_NAMESPACES.includes(namespace)) throw namespaceOfSystem(path, namespace);
    }
    for (const [name, rule] of Object.entries(rules)) checkRule(path, name, rule);

    const { environment, stage, stack } = Stack.ofConstruct(this).stackKey;
    const prefix = `${environment}-${stage}-${stack}`;
    const objects: ObjectManifest[] = [
      ...Object.entries(namespaces).map(([namespace, { openWithin = true }]) =>
        closedNamespace({ name: `${prefix}-closed`, namespace, openWithin }),
      ),
      ...Object.entries(rules).map(([name, rule]) => rulePolicy(`${prefix}-${name}`, rule)),
    ];
    platform.addObjects(this, 'Resource', objects);
  }
}

function checkRule(path: string, name: string, { ports = [], connectsTo = [] }: NetworkRule): void {
  if (ports.length === 0 && connectsTo.length === 0) throw nothingToDo(path, name);
  for (const { port } of ports) {
    if (!Number.isInteger(port) || port < 1 || port > MAX_PORT) throw portInvalid(path, name, port);
  }
}
