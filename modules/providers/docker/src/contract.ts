export { dockerObserver } from './contract/docker-observer';
export { dockerRecipe } from './contract/docker-recipe';
