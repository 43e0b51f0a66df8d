// What is published for pipelines, run against a real Andon: a yes begins what it guards, and nothing else does.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { andon as andonProcess } from '../cli/help.js';
import { gateThatSays, type Saying } from '../helpers/gate-server.js';
import { openWorld, temporaryFolder, type World } from '../helpers/world.js';
import { program } from '../http/help.js';
import { action, hook, type Known, pipelines } from './help.js';

// Each question is a process of its own.
vi.setConfig({ testTimeout: 120_000 });

async function opened() {
  const world = await openWorld({ at: '2026-03-10T11:17:00Z' });
  const ci = await program(world, ['gate', 'changes:write', 'changes:read'], 'ci');
  const andon: Known = { url: `http://127.0.0.1:${world.app.port}`, token: ci.token };
  return { world, ci, andon };
}

async function freezes(world: World, line: string): Promise<void> {
  const outcome = await world.sandbox.person('ana').command(`/freeze ${line}`, { channel: 'general' });
  expect(outcome.reply?.text).toContain('FRZ-1');
  await world.settled();
}

describe.each(pipelines)('$name', (pipeline) => {
  test('starts when it may; is told no with the reason; waits its turn, and gets it', async () => {
    const { world, ci, andon } = await opened();
    const free = await pipeline.run(andon);
    expect(free, free.stderr).toMatchObject({ code: 0, deployed: true });
    // What it announced is over, else it is in the way of what comes next.
    for (const { number } of await world.app.db.read.change.findMany())
      expect((await ci.patch(`changes/${number}`, { state: 'succeeded' })).status).toBe(200);

    await world.pass({ minutes: 30 });
    await freezes(world, 'on the cluster is rebuilt on:*/prod for:2h');
    // Somebody else was told no before, and goes first.
    const other = { kind: 'deploy', title: 'Deploy api', targets: ['api/prod'], key: 'other' };
    expect((await ci.post('gate', other)).body.decision).toBe('deny');
    await world.pass({ minutes: 1 });
    const denied = await pipeline.run(andon);
    const said = denied.stdout + denied.stderr;
    expect(denied, said).toMatchObject({ code: pipeline.codes.deny, deployed: false });
    for (const part of ['FRZ-1', 'the cluster is rebuilt', '13:47']) expect(said).toContain(part);

    await world.pass({ minutes: 1 });
    await freezes(world, 'lift FRZ-1 the cluster is back');
    const held = await pipeline.run(andon);
    expect(held, held.stderr).toMatchObject({ code: pipeline.codes.hold, deployed: false });
    expect(held.stdout + held.stderr).toContain('held');

    if (!pipeline.keeps) return;
    expect((await ci.post('gate', other)).body.decision).toBe('allow');
    await world.pass({ minutes: 1 });
    const turn = await pipeline.run(andon);
    expect(turn, turn.stderr).toMatchObject({ code: 0, deployed: true });
  });
});

const unknownToken = `andon_${'x'.repeat(43)}`;

test.each<[string, Saying | null]>([
  ['nothing listens', null],
  ['something else answers', { status: 302, headers: { location: 'https://login.example.com/' } }],
  ['Andon fails', { status: 500, body: '<html>' }],
])('where %s, none of them starts', async (_where, saying) => {
  const url = saying ? (await gateThatSays(saying)).url : 'http://127.0.0.1:9';
  await Promise.all(
    pipelines.map(async ({ name, run, codes }) => {
      const ran = await run({ url, token: unknownToken });
      expect(ran.code, `${name}: ${ran.stderr}`).not.toBe(0);
      expect(ran.deployed, name).toBe(false);
      if (saying) return;
      expect(ran.code, name).toBe(codes.gone);
      expect(ran.stdout + ran.stderr, name).toMatch(/127\.0\.0\.1/);
    }),
  );
});

test('a token that is not known starts none of them', async () => {
  const { andon } = await opened();
  await Promise.all(
    pipelines.map(async ({ name, run, codes }) => {
      const ran = await run({ ...andon, token: unknownToken });
      expect(ran.code, `${name}: ${ran.stderr}`).toBe(codes.deny === 22 ? 22 : 2);
      expect(ran.deployed, name).toBe(false);
    }),
  );
});

describe('the GitHub action', () => {
  const [job] = pipelines;
  const run = (andon: Known, inputs: Record<string, string> = {}) => {
    if (!job) throw new Error('no pipeline');
    return job.run(andon, inputs);
  };

  test('tells the steps that follow what was decided, and masks its token', async () => {
    const { world, ci, andon } = await opened();
    const free = await run(andon);
    // Both jobs asked one question.
    const id = /^decision=allow\nverdict-id=(\S+)\ndecision=allow\nverdict-id=\1\n$/.exec(free.output)?.[1];
    expect(id).toBeDefined();
    expect((await ci.get(`gate/${id}`)).body).toMatchObject({ id, decision: 'allow' });
    await freezes(world, 'on the cluster is rebuilt for:2h');
    const denied = await run(andon);
    expect(denied.output).toMatch(/^decision=deny\nverdict-id=\S+\n$/);
    expect(denied.stdout).toContain(`::add-mask::${andon.token}`);
    expect(denied.stderr).toMatch(/^::error title=Andon::deny: .*FRZ-1/m);
    expect(denied.stderr).not.toContain(andon.token);
    expect((await run({ ...andon, url: 'http://127.0.0.1:9' })).output).toContain('decision=unreachable\n');
    for (const output of Object.values(action.outputs))
      expect(output.value).toMatch(/^\$\{\{ steps\.gate\.outputs\.(decision|verdict-id) \}\}$/);
  });

  test('what is in an input is never run, and arrives as it is', async () => {
    const { world, andon } = await opened();
    const folder = temporaryFolder();
    const hostile = `"; touch ${join(folder, 'run')}; $(touch ${join(folder, 'run')}) \`touch ${join(folder, 'run')}\` '`;
    const ran = await run(andon, { title: hostile, key: hostile, artifact: hostile });
    expect(ran.code, ran.stderr).toBe(0);
    expect((await world.app.db.read.verdict.findFirstOrThrow()).key).toBe(hostile.trim());
    expect(() => readFileSync(join(folder, 'run'))).toThrow();
    for (const step of action.runs.steps) expect(step.run).not.toContain('${{');
  });

  test('every input reaches the question', async () => {
    const gate = await gateThatSays({ decision: 'allow', reply: 'Go.' });
    const inputs = {
      ...{
        service: 'api',
        environment: 'prod',
        cluster: 'eks',
        on: 'web/prod',
        kind: 'migration',
        title: 'A title',
      },
      ...{ key: 'k', artifact: 'a', rollback: 'true', change: 'CHG-7', exception: 'EXC-1', wait: '30m' },
    };
    const all = [...Object.keys(inputs), 'url', 'token'].sort();
    expect(Object.keys(action.inputs).sort()).toEqual(all);
    const ran = await run({ url: gate.url, token: 'andon_x' }, inputs);
    expect(ran.code, ran.stderr).toBe(0);
    expect(gate.asked[0]?.body).toMatchObject({
      ...{
        targets: ['api/prod/eks', 'web/prod'],
        kind: 'migration',
        title: 'A title',
        key: 'k',
        artifact: 'a',
      },
      ...{ rollback: true, change: 'CHG-7', exceptionId: 'EXC-1', actor: 'ana' },
    });
    const wrong = await run({ url: gate.url, token: 'andon_x' }, { rollback: 'yes' });
    expect(wrong.code).toBe(2);
    expect((await run({ url: '', token: 'andon_x' })).code).toBe(2);
  });

  test('a rollback passes a freeze, where that version ran before', async () => {
    const { world, ci, andon } = await opened();
    const ran = {
      kind: 'deploy',
      title: 'Deploy api 41',
      targets: ['api/prod'],
      artifact: '41',
      key: 'api-41',
    };
    await ci.post('changes', { ...ran, state: 'started', sequence: 1 });
    await world.pass({ minutes: 5 });
    await ci.post('changes', { ...ran, state: 'succeeded', sequence: 2 });
    await world.pass({ hours: 1 });
    await freezes(world, 'on the cluster is rebuilt for:2h');
    const back = await run(andon, { rollback: 'true', artifact: '41', key: 'back' });
    expect(back, back.stderr).toMatchObject({ code: 0, deployed: true });
    const never = await run(andon, { rollback: 'true', artifact: '99', key: 'never' });
    expect(never, never.stderr).toMatchObject({ code: 10, deployed: false });
  });
});

test('the document names every option of the command, and every input and output of the action', async () => {
  const document = readFileSync('docs/gate.md', 'utf8');
  const help = (await andonProcess(['gate', '--help'])).stdout;
  const options = [...help.matchAll(/^ {2}(--[a-z-]+)/gm)].map((each) => each[1] ?? '');
  expect(options.length).toBeGreaterThan(15);
  expect(options.filter((each) => !document.includes(`\`${each}`))).toEqual([]);
  const named = [...Object.keys(action.inputs), ...Object.keys(action.outputs)];
  expect(named.filter((each) => !new RegExp(`\`${each}\`|^ +${each}:`, 'm').test(document))).toEqual([]);
  const script = readFileSync('scripts/gate.sh', 'utf8');
  const missing = options.filter(
    (each) => !['--json', '--help'].includes(each) && !script.includes(`  ${each})`),
  );
  expect(missing).toEqual([]);
});

test('a sync fails with its hook, at once, and is not tried again behind anybody’s back', () => {
  expect(hook.metadata.annotations['argocd.argoproj.io/hook']).toBe('PreSync');
  expect(hook.spec.backoffLimit).toBe(0);
  expect(hook.spec.template.spec.restartPolicy).toBe('Never');
  const args = hook.spec.template.spec.containers[0]?.args ?? [];
  expect(args[args.indexOf('--wait') + 1]).toBe('30m');
  expect(hook.spec.activeDeadlineSeconds).toBeGreaterThan(30 * 60);
});
