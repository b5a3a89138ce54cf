/**
 * Types of the installed bindings that cannot be rehearsed, with the reason. Of the 3968 resources of google, aws,
 * azurerm, digitalocean, helm, docker and kubernetes there is none: `aws_wafv2_web_acl` and `aws_wafv2_rule_group`,
 * whose statements their binding calls `any`, are rehearsed with rules of any form.
 */
export const notConforming: Readonly<Record<string, string>> = {};
