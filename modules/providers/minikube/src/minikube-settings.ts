/** What a cluster is made of. Kept by the environment, to see when something else is wanted. */
export interface MinikubeSettings {
  /** Arguments of `minikube start` beside the profile and the ports. */
  readonly args: readonly string[];
}
