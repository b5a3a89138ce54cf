export { catalogue } from './catalogue';
export { imageName, type CatalogueEntry, type CatalogueImage, type UpstreamStatus } from './entry';
export { catalogueCautions, catalogueTable, checkedText } from './catalogue-text';
