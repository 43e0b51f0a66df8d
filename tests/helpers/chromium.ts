// Where the Chromium of this machine is.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** The Chromium that CHROME_PATH names, or the first on the PATH; null where there is none. */
export function browserPath(): string | null {
  const named = process.env.CHROME_PATH;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return [...(named ? [named] : []), ...candidates].find((path) => existsSync(path)) ?? null;
}
