export { gcpObserver } from './contract/gcp-observer';
export { gcpRecipe } from './contract/gcp-recipe';
