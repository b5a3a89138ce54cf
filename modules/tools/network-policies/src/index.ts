export {
  NetworkPolicies,
  type ClosedNamespace,
  type NetworkPoliciesProps,
  type NetworkRule,
  type RulePort,
} from './network-policies';
