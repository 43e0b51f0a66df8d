// The local workspace as `npm start` opens it, in this process, and bare workspaces: what tests of the page look at.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../src/core/log.js';
import { ownCase } from '../../src/demonstration.js';
import { readCase } from '../../src/drills/case.js';
import { replay } from '../../src/drills/replay.js';
import { openLocalWorkspace } from '../../src/local.js';
import type { MessageView, Sandbox } from '../../src/sandbox/index.js';
import type { Act, ActAnswer, FaultAct, Opening } from '../../src/sandbox/page/contract.js';

export interface Local {
  /** Where the page is. */
  readonly url: string;
  readonly sandbox: Sandbox;
  readonly databaseUrl: string;
  stop(): Promise<void>;
}

/** Andon and the local Slack on real clocks; `drilled` replays the case that `npm start` shows. */
export async function openLocal(options: { drilled?: boolean } = {}): Promise<Local> {
  const folder = mkdtempSync(join(tmpdir(), 'andon-test-'));
  const databaseUrl = `file:${join(folder, 'andon.db')}`;
  const drill = readCase(readFileSync(ownCase, 'utf8'), 'deleted-cluster.yaml');
  const workspace = await openLocalWorkspace({
    databaseUrl,
    host: '127.0.0.1',
    port: 0,
    zone: 'UTC',
    log: silentLog,
    beginsAt: new Date(`${drill.date}T00:00:00Z`),
  });
  if (options.drilled) {
    const { incident } = await replay(drill, workspace.stage, () => {});
    workspace.sandbox.startIn(incidentChannel(workspace.sandbox, incident)?.name ?? '');
  }
  workspace.live();
  return {
    url: workspace.sandbox.url,
    sandbox: workspace.sandbox,
    databaseUrl,
    async stop() {
      await workspace.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The channel of an incident, once Slack has it. */
export function incidentChannel(sandbox: Sandbox, number: number) {
  return sandbox.channels().find((each) => each.name.startsWith(`inc-${number}-`));
}

/** What the page asks the server, asked without a page. */
export function pageClient(url: string, as: string) {
  const post = async (path: string, body: object) => {
    const response = await fetch(new URL(path, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: new URL(url).origin },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return {
    async open(): Promise<Opening> {
      return (await (await fetch(new URL(`page/open?as=${as}`, url))).json()) as Opening;
    },
    async act(act: Act): Promise<ActAnswer> {
      return (await post('page/act', { as, act })) as ActAnswer;
    },
    async fault(act: FaultAct): Promise<void> {
      await post('page/faults', act);
    },
  };
}

/**
 * The words of a message as Slack has it, in the order in which they must be drawn: without what the viewer's zone,
 * names and lists change.
 */
export function wordsOf(message: Pick<MessageView, 'text'>): string[] {
  return message.text
    .split(/\n|<[^<>]*>|@\w+|#[a-z][\w-]+/)
    .map((part) => part.replace(/^\s*(?:•|\d+\.)\s/, ''))
    .map((part) => part.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&').trim())
    .filter((part) => /[\p{L}\p{N}]/u.test(part));
}

/** Which words of a message a text lacks, or has in another order. */
export function missingWords(message: Pick<MessageView, 'text'>, drawn: string): string[] {
  const text = drawn.replace(/\s+/g, ' ');
  let at = 0;
  return wordsOf(message).filter((part) => {
    const found = text.indexOf(part.replace(/\s+/g, ' '), at);
    if (found >= 0) at = found + part.length;
    return found < 0;
  });
}
