// The settings of GitHub as the environment has them, with the key read.
import type { GithubSettings } from './api.js';
import { readAppKey } from './key.js';

/** What of the settings is about GitHub. */
interface Configured {
  readonly ANDON_GITHUB_API_URL: string;
  readonly ANDON_GITHUB_APP_ID?: string | undefined;
  readonly ANDON_GITHUB_APP_KEY?: string | undefined;
}

/** Reads the App's key where one is set. Throws a Fault that says what is wrong with it. */
export function githubSettings(config: Configured): GithubSettings {
  const { ANDON_GITHUB_API_URL: apiUrl, ANDON_GITHUB_APP_ID: id, ANDON_GITHUB_APP_KEY: given } = config;
  return { apiUrl, app: id && given ? { id, key: readAppKey(given) } : null };
}
