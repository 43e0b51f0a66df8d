// An hour of a SEV1 as those outside live it: through real Slack requests, forms and messages.
import { expect, test } from 'vitest';
import { says } from '../../helpers/talk.js';
