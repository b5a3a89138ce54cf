import { catalogue, imageName } from '@mlterra/catalogue';

export const LAKEFS_IMAGE = imageName(catalogue.lakefs.images.server);
