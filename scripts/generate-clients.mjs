// Makes one Prisma client for each engine from the one schema: a client made for one refuses the other at run time.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const generated = join(root, 'src/db/generated');
const schema = readFileSync(join(root, 'prisma/schema.prisma'), 'utf8');
const require = createRequire(import.meta.url);
const prismaVersion = require('prisma/package.json').version;
const stamp = createHash('sha256').update(schema).update(prismaVersion).digest('hex');
const stampFile = join(generated, 'stamp');

if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
  rmSync(generated, { recursive: true, force: true });
  for (const provider of ['sqlite', 'postgresql']) generate(provider);
  writeFileSync(stampFile, stamp);
}

function generate(provider) {
  const folder = join(generated, provider);
  mkdirSync(folder, { recursive: true });
  const file = join(generated, `${provider}.prisma`);
  writeFileSync(
    file,
    schema
      .replace('provider = "sqlite"', `provider = "${provider}"`)
      .replace('../src/db/generated/sqlite', join(folder, 'client')),
  );
  execFileSync(
    process.execPath,
    [require.resolve('prisma/build/index.js'), 'generate', '--config', join(root, 'prisma/config.ts')],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ANDON_SCHEMA: file, PRISMA_HIDE_UPDATE_MESSAGE: '1' },
    },
  );
}
