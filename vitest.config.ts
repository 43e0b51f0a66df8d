import { configDefaults, defineConfig } from 'vitest/config';
import { browserPath } from './tests/helpers/chromium.js';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Where there is no browser its tests are left out, and the first line of the run says so.
    exclude: [...configDefaults.exclude, ...(browserPath() ? [] : ['tests/browser/**'])],
    // One worker a core: what the tests wait for most is the disk, not the other core.
    maxWorkers: '100%',
    globalSetup: ['tests/helpers/global-setup.ts'],
    // What hangs is found out all the same; a machine that does three things at once only takes longer.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
