// German; comes late.

import type { Translation } from '../../../words/message-key.ts';
import type { en } from '../en/index.ts';
import { admin } from './admin.ts';
import { audit } from './audit.ts';
import { config } from './config.ts';
import { consent } from './consent.ts';
import { errors } from './errors.ts';
import { plugin } from './plugin.ts';
import { plugins } from './plugins.ts';
import { shared } from './shared.ts';
import { takeOver } from './take-over.ts';

export const de: Translation<typeof en> = {
  ...shared,
  ...errors,
  ...plugins,
  ...plugin,
  ...admin,
  ...consent,
  ...config,
  ...audit,
  ...takeOver,
};
