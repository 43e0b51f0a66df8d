// Pipelines as their runners run them: what is published is read out of its file and run by the shell that runs it there.
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { temporaryFolder } from '../helpers/world.js';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether what the gate guards was begun. */
  readonly deployed: boolean;
  /** What a step left for those that follow. */
  readonly output: string;
}

/** Andon, as a pipeline knows it. */
export interface Known {
  readonly url: string;
  readonly token: string;
}

export interface Pipeline {
  readonly name: string;
  /** Its exit codes for a denial, for its turn that has not come, and where nothing answers. */
  readonly codes: { readonly deny: number; readonly hold: number; readonly gone: number };
  /** Whether it asks again under its own key, and so has a turn. */
  readonly keeps: boolean;
  run(andon: Known, inputs?: Readonly<Record<string, string>>): Promise<Ran>;
}

const published = (file: string) => readFileSync(resolve(file), 'utf8');
const exits = { deny: 10, hold: 11, gone: 12 };
const runOfGitHub = {
  ...{
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_REPOSITORY: 'acme/api',
    GITHUB_RUN_ID: '4711',
    GITHUB_JOB: 'deploy',
  },
  ...{ GITHUB_RUN_ATTEMPT: '1', GITHUB_SERVER_URL: 'https://github.com', GITHUB_ACTOR: 'ana' },
};

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
}
interface Action {
  readonly inputs: Readonly<Record<string, { readonly required: boolean; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}
export const action = parse(published('action.yml')) as Action;

/** Steps of GitHub, one after the other; ours as its runner runs a composite action, with these inputs besides. */
async function github(
  steps: readonly Step[],
  andon: Known,
  more: Readonly<Record<string, string>>,
): Promise<Ran> {
  const folder = workspace();
  const output = join(folder, 'github-output');
  writeFileSync(output, '');
  const own: Step[] = steps.some((each) => each.run !== undefined) ? [] : [{ run: './deploy.sh' }];
  let [ran, told] = [await execute(['true'], folder, {}), ['', '']];
  for (const step of [...steps, ...own]) {
    if (step.run !== undefined) ran = await execute(['bash', '-e', '-c', step.run], folder, {});
    if (step.uses?.startsWith('OWNER/andon@')) ran = await composite(step, andon, more, folder);
    told = [told[0] + ran.stdout, told[1] + ran.stderr];
    if (ran.code !== 0) break;
  }
  return { ...ran, stdout: told[0] ?? '', stderr: told[1] ?? '', output: readFileSync(output, 'utf8') };
}

async function composite(step: Step, andon: Known, more: Readonly<Record<string, string>>, folder: string) {
  const known: Record<string, string> = {
    ...{ 'vars.ANDON_URL': andon.url, 'secrets.ANDON_TOKEN': andon.token },
    ...{
      'github.ref_name': 'main',
      'github.sha': 'c0ffee',
      'github.repository': 'acme/api',
      'github.run_id': '4711',
    },
  };
  const given = Object.entries({ ...step.with, ...more }).map(([name, value]): [string, string] => {
    if (!(name in action.inputs)) throw new Error(`action.yml has no input ${name}`);
    return [name, soon(filled(String(value), known))];
  });
  const inputs = { ...defaults(), ...Object.fromEntries(given) };
  const byName = Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`inputs.${name}`, value]));
  const [only] = action.runs.steps;
  const script = join(folder, 'step.sh');
  // GitHub fills in expressions before a shell sees the text; there are to be none in it.
  writeFileSync(script, filled(only?.run ?? '', byName));
  const own = Object.entries(only?.env ?? {}).map(([name, value]): [string, string] => [
    name,
    filled(value, byName),
  ]);
  return execute(['bash', '--noprofile', '--norc', '-eo', 'pipefail', script], folder, {
    ...{ ...runOfGitHub, GITHUB_OUTPUT: join(folder, 'github-output'), GITHUB_ACTION_PATH: resolve('.') },
    ...Object.fromEntries(own),
  });
}

function defaults(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(action.inputs).map(([name, input]) => [name, input.default ?? '']),
  );
}

function filled(text: string, known: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{\{\s*([\w.-]+)\s*\}\}/g, (_all, name: string) => {
    const value = known[name];
    if (value === undefined) throw new Error(`nothing is known as ${name}`);
    return value;
  });
}

/** A published line that waits half an hour waits a second here. */
function soon(text: string): string {
  return text.replace(/\b30m\b/g, '1s');
}

/** The blocks of the document in this language. */
function blocks(language: string): string[] {
  const found = published('docs/gate.md').matchAll(
    new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'),
  );
  return [...found].map((each) => each[1] ?? '');
}

function block(language: string, part: string): string {
  const found = blocks(language).find((each) => each.includes(part));
  if (!found) throw new Error(`docs/gate.md shows no ${language} with ${part}`);
  return found;
}

/** A checkout with our script where the documents put it, and something to deploy. */
function workspace(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'ci'));
  copyFileSync(resolve('scripts/gate.sh'), join(folder, 'ci/gate.sh'));
  copyFileSync(resolve('scripts/gate.sh'), join(folder, 'gate.sh'));
  writeFileSync(join(folder, 'deploy.sh'), '#!/bin/sh\ntouch deployed\n', { mode: 0o755 });
  const npx = `#!/bin/sh\nshift\nexec "${process.execPath}" "${resolve('dist/cli.js')}" "$@"\n`;
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/npx'), npx, { mode: 0o755 });
  return folder;
}

function execute(line: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Promise<Ran> {
  const [file = '', ...args] = line;
  const path = `${join(cwd, 'bin')}:${process.env.PATH ?? ''}`;
  const child = spawn(file, args, { cwd, env: { PATH: path, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((done) => {
    child.once('close', (code) =>
      done({ code: code ?? 1, stdout, stderr, deployed: existsSync(join(cwd, 'deployed')), output: '' }),
    );
  });
}

/** Lines of the document, followed by what they guard. */
function lines(text: string, shell: string, env: Readonly<Record<string, string>> = {}) {
  return ({ url, token }: Known) =>
    execute([shell, '-c', `{ ${soon(text).trimEnd()}\n} && ./deploy.sh`], workspace(), {
      ...{ ANDON_URL: url, ANDON_TOKEN: token, VERSION: '4.12.0' },
      ...env,
    });
}

interface GitLabJob {
  readonly script: readonly string[];
}
interface Hook {
  readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
  readonly spec: {
    readonly backoffLimit: number;
    readonly activeDeadlineSeconds: number;
    readonly template: {
      readonly spec: { readonly restartPolicy: string; readonly containers: readonly Container[] };
    };
  };
}
interface Container {
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly {
    readonly name: string;
    readonly valueFrom: { readonly secretKeyRef: { readonly key: string } };
  }[];
}
export const hook = parse(published('docs/gate/argocd-presync.yaml')) as Hook;

// The second job needs the first.
function workflowSteps(): Step[] {
  const { jobs } = parse(published('docs/gate/github-workflow.yml')) as Record<
    'jobs',
    Record<'gate' | 'deploy', { readonly needs?: string; readonly steps: readonly Step[] }>
  >;
  if (jobs.deploy.needs !== 'gate') throw new Error('the deployment does not need the gate');
  return [...jobs.gate.steps, ...jobs.deploy.steps];
}

/** All that is published, each as its runner would run it. */
export const pipelines: readonly Pipeline[] = [
  {
    ...{ name: 'the GitHub workflow with our action', codes: exits, keeps: true },
    run: (andon, inputs = {}) => github(workflowSteps(), andon, inputs),
  },
  {
    ...{ name: 'the GitHub step in the document', codes: exits, keeps: true },
    run: (andon, inputs = {}) => github(parse(block('yaml', 'uses: OWNER/andon')) as Step[], andon, inputs),
  },
  {
    ...{ name: 'the GitLab jobs', codes: exits, keeps: true },
    async run({ url, token }) {
      const file = parse(published('docs/gate/gitlab-ci.yml')) as Record<string, GitLabJob>;
      const folder = workspace();
      let ran = await execute(['true'], folder, {});
      for (const name of ['gate-production', 'deploy-production']) {
        // One shell for the lines of a job, which ends at the first that fails.
        ran = await execute(['sh', '-e', '-c', soon((file[name]?.script ?? []).join('\n'))], folder, {
          ...{ ANDON_URL: url, ANDON_TOKEN: token, GITLAB_CI: 'true', CI_PROJECT_PATH: 'acme/api' },
          ...{ CI_PIPELINE_ID: '8', CI_JOB_ID: '99', CI_JOB_NAME: name },
          ...{ CI_COMMIT_SHA: 'c0ffee', CI_COMMIT_SHORT_SHA: 'c0f' },
        });
        if (ran.code !== 0) return ran;
      }
      return ran;
    },
  },
  {
    ...{ name: 'the Jenkinsfile', codes: exits, keeps: true },
    async run({ url, token }) {
      const folder = workspace();
      const steps = [...published('docs/gate/Jenkinsfile').matchAll(/^\s*sh '(.*)'$/gm)].map(
        (each) => each[1] ?? '',
      );
      const env = { ANDON_URL: url, ANDON_TOKEN: token, BUILD_TAG: 'jenkins-api-9', BUILD_NUMBER: '9' };
      let ran = await execute(['true'], folder, {});
      for (const step of steps) {
        ran = await execute(['sh', '-xe', '-c', soon(step)], folder, env);
        if (ran.code !== 0) return ran;
      }
      return ran;
    },
  },
  {
    ...{ name: 'the Jenkins step in the document', codes: exits, keeps: true },
    run: lines(/sh '(.*)'/.exec(block('groovy', 'ci/gate.sh'))?.[1] ?? '', 'sh', {
      BUILD_TAG: 'jenkins-api-10',
    }),
  },
  {
    ...{ name: 'the hook of Argo CD', codes: exits, keeps: false },
    async run({ url, token }) {
      const folder = workspace();
      const [container] = hook.spec.template.spec.containers;
      const secrets: Record<string, string> = { url, token };
      const env = (container?.env ?? []).map((each) => [
        each.name,
        secrets[each.valueFrom.secretKeyRef.key] ?? '',
      ]);
      const line = [...(container?.command ?? []), ...(container?.args ?? [])].map((each) =>
        soon(each.replace(/^\/andon\//, `${folder}/`)),
      );
      const ran = await execute(line, folder, Object.fromEntries(env));
      // Argo CD applies the rest when the hook's Job has succeeded.
      return { ...ran, deployed: ran.code === 0 };
    },
  },
  {
    ...{ name: '`andon gate`', codes: exits, keeps: false },
    run: lines(block('sh', 'npx andon gate --service'), 'sh'),
  },
  {
    ...{ name: '`andon gate`, then `andon announce`', codes: exits, keeps: true },
    run: lines(block('sh', 'npx andon announce'), 'sh'),
  },
  {
    ...{ name: '`gate.sh`', codes: exits, keeps: false },
    run: lines(block('sh', 'sh gate.sh'), 'sh'),
  },
  {
    ...{ name: 'the line with curl', codes: { deny: 22, hold: 22, gone: 7 }, keeps: false },
    run: lines(block('sh', 'curl -sS'), 'sh'),
  },
];
