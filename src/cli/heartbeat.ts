// `andon heartbeat`: a beat from a shell or a cron job, to a running Andon.

import { readConfig } from '../config.js';
import { UsageError } from './errors.js';
import { Api } from './ways.js';

export interface BeatOptions {
  readonly every?: string;
  readonly grace?: string;
  readonly service?: string;
  readonly team?: string;
}

/** Sends a beat. Says nothing where all is well: cron writes a letter for each word. */
export async function heartbeat(name: string, options: BeatOptions): Promise<void> {
  const { ANDON_URL: url, ANDON_TOKEN: token } = readConfig(process.env);
  if (!url)
    throw new UsageError(
      'ANDON_URL is missing: a beat goes to a running Andon, such as https://andon.example.com.',
    );
  await new Api(url, token, 'beat').send(`/heartbeats/${encodeURIComponent(name)}`, { ...options });
}
