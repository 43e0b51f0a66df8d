// Settings of the Prisma command line, which only makers of Andon run. Andon itself migrates in-process.
import { defineConfig } from 'prisma/config';

// `prisma generate` needs no native engine; naming any executable keeps it from fetching one.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({ schema: process.env.ANDON_SCHEMA ?? 'schema.prisma' });
