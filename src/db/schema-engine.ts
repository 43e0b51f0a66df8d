// Prisma's schema engine, run inside the process as WebAssembly: migrations need no binary and no command line.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import * as engine from '@prisma/schema-engine-wasm/schema_engine_bg';

type SchemaEngine = Awaited<ReturnType<typeof engine.SchemaEngine.new>>;

// The types of Node 20 leave this global out.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: Record<string, unknown>) => { exports: Record<string, unknown> };
};

let loaded = false;

/** Runs `work` with a schema engine bound to the adapter's database, and frees the engine afterwards. */
export async function withSchemaEngine<T>(
  adapter: SqlMigrationAwareDriverAdapterFactory,
  datamodel: string | null,
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  load();
  const datamodels: [string, string][] | undefined =
    datamodel === null ? undefined : [['schema.prisma', datamodel]];
  const opened: SqlDriverAdapter[] = [];
  const bound = bindMigrationAwareSqlAdapterFactory(remembering(adapter, opened));
  const instance = await engine.SchemaEngine.new({ datamodels }, () => {}, bound);
  try {
    return await work(instance);
  } finally {
    instance.free();
    // The engine leaves its connections open, and an open one keeps others from switching SQLite to WAL.
    for (const connection of opened) await connection.dispose();
  }
}

function remembering(
  adapter: SqlMigrationAwareDriverAdapterFactory,
  opened: SqlDriverAdapter[],
): SqlMigrationAwareDriverAdapterFactory {
  const remember = async (connecting: Promise<SqlDriverAdapter>) => {
    const connection = await connecting;
    const dispose = connection.dispose.bind(connection);
    let disposed: Promise<void> | null = null;
    // The engine does dispose of a shadow, and a pool may be ended only once.
    connection.dispose = () => {
      disposed ??= dispose();
      return disposed;
    };
    opened.push(connection);
    return connection;
  };
  return {
    provider: adapter.provider,
    adapterName: adapter.adapterName,
    connect: () => remember(adapter.connect()),
    connectToShadowDb: () => remember(adapter.connectToShadowDb()),
  };
}

// Node imports WebAssembly only behind a flag, so the package's own entry cannot be used; this does what it does.
function load(): void {
  if (loaded) return;
  const require = createRequire(import.meta.url);
  const glue = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = readFileSync(glue.replace(/\.js$/, '.wasm'));
  const wasm = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
    './schema_engine_bg.js': withoutLingering(engine),
  });
  const glueModule = engine as unknown as { __wbg_set_wasm(exports: unknown): void };
  glueModule.__wbg_set_wasm(wasm.exports);
  (wasm.exports.__wbindgen_start as () => void)();
  loaded = true;
}

// The engine gives a lock ten seconds and never takes that timer back: it would keep a short command from ending.
function withoutLingering(glue: object): Record<string, unknown> {
  const imports = Object.entries(glue).map(([name, value]: [string, unknown]) => {
    if (!name.startsWith('__wbg_setTimeout') || typeof value !== 'function') return [name, value];
    return [name, (...args: unknown[]) => (value(...args) as NodeJS.Timeout).unref()];
  });
  return Object.fromEntries(imports);
}
