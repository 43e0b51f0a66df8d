// What `npm start` shows without Slack: a local workspace with a drilled incident in it, and what to do next.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Log } from './core/log.js';
import { readCase } from './drills/case.js';
import { replay } from './drills/replay.js';
import { type LocalOptions, openLocalWorkspace } from './local.js';
import { openTerminal } from './sandbox/terminal.js';

/** The case that comes with Andon. */
export const ownCase = fileURLToPath(new URL('../src/drills/cases/deleted-cluster.yaml', import.meta.url));

/** What passes between Andon and the local Slack is remembered this far back. */
const recordsKept = 1000;

export interface DemonstrationOptions {
  readonly databaseUrl: string;
  readonly secretKey?: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly slackPorts: readonly number[];
  readonly allowRemote: boolean;
  readonly zone: string;
  readonly log: Log;
  readonly github?: LocalOptions['github'];
  readonly mail?: LocalOptions['mail'];
  readonly publicUrl?: LocalOptions['publicUrl'];
  /** Ends the process, as a signal does. */
  readonly quit: () => void;
}

/** Opens the local workspace, replays the case, prints what to do next; returns how to end it. */
export async function openDemonstration(options: DemonstrationOptions): Promise<() => Promise<void>> {
  const drill = readCase(readFileSync(ownCase, 'utf8'), 'deleted-cluster.yaml');
  const local = await openLocalWorkspace({
    ...options,
    keepRecords: recordsKept,
    beginsAt: new Date(`${drill.date}T00:00:00Z`),
  });
  process.stdout.write(`Andon in a Slack of your own: open ${local.sandbox.url}/ in a browser.\n`);
  process.stdout.write('A real outage is being replayed in it …\n');
  const replayed = await replay(drill, local.stage, () => {});
  local.live();
  const channel = local.sandbox.channels().find((each) => each.name.startsWith(`inc-${replayed.incident}-`));
  if (channel) local.sandbox.startIn(channel.id);
  process.stdout.write(
    welcome(options, local.app.port, local.sandbox.url, channel?.name ?? 'general', replayed.incident),
  );
  const terminal = openTerminal(local.sandbox, {
    input: process.stdin,
    output: process.stdout,
    channel: 'general',
    quit: options.quit,
  });
  return async () => {
    terminal.close();
    await local.stop();
  };
}

function welcome(
  options: DemonstrationOptions,
  port: number,
  slackUrl: string,
  channel: string,
  number: number,
): string {
  const reach = options.allowRemote
    ? `whoever reaches ${options.host} can read all of it and act as anybody.`
    : 'nothing here leaves this machine.';
  return `
Andon runs in a local workspace. This is a local copy of Slack: ${reach}

  page        ${slackUrl}/
  Andon       http://${options.host}:${port}/readyz
  local Slack ${slackUrl}/api/ (its Web API)
  in it       INC-${number} in #${channel}, a deleted production cluster, from declaration to postmortem draft

Open the page, or type here:

  /incident show INC-${number}
  file INC-${number}-postmortem.md
  /incident declare writes are stuck sev:1 on:api/prod started:20m ago

To use it with a real Slack, see "Connect Slack" in README.md. quit or Ctrl-C ends it.

`;
}
