// Builds the page of the local workspace into dist.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('../src/sandbox/browser', import.meta.url)),
  base: './',
  logLevel: 'warn',
  build: {
    outDir: fileURLToPath(new URL('../dist/sandbox/browser', import.meta.url)),
    emptyOutDir: true,
    // The renderer of Slack's blocks is half a megabyte; it comes from this machine.
    chunkSizeWarningLimit: 1500,
  },
});
