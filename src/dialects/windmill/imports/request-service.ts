// `plugins-manager:extra-services-manager/request-service`: files that are sent to an address.

import { unavailable } from './import.ts';

export const requestService = unavailable('plugins-manager:extra-services-manager/request-service', ['send-zip']);
