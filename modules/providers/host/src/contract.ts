export { hostObserver } from './contract/host-observer';
export { hostRecipe } from './contract/host-recipe';
