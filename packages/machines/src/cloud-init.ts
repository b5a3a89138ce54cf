export { PROJECT_FOLDER, VOLUME_FOLDER } from './cloud-init/machine-files';
export { FILES_LOCAL, UserData, type UserDataEncoding, type UserDataProps } from './cloud-init/user-data';
