// All that packages with a signature need, as one part that comes late: most have none.

export { splitSignature } from '../trust/signed-module.ts';
export { verifyPackage } from '../trust/verify-package.ts';
export { readSignatureSource } from './signature-source.ts';
