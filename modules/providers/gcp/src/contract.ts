export { gcpObserver } from './contract/gcp-observer';
export { gcpMachinesRecipe, gcpRecipe } from './contract/gcp-recipe';
