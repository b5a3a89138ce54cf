import { catalogue, imageName } from '@mlterra/catalogue';

export const VERSITYGW_IMAGE = imageName(catalogue.versitygw.images.server);
