/** Where copies of local modules are beside a stack's configuration. */
export const MODULES = 'modules/';
