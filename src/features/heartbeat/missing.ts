// Why somebody is called for a heartbeat, in words. Pure.
import type { Ask } from '../../core/command.js';
import { showBoth, showDuration } from '../../core/time/index.js';
import { type Heartbeat, rhythm, slackHeartbeat } from './words.js';

/** Why somebody is called, in one line: first what the subject of a letter has room for. */
export function missingText(
  row: Heartbeat,
  it: { readonly lastAt: Date | null; readonly incident: number | null; readonly flapsSince: Date | null },
  { now, workspace }: Pick<Ask, 'now' | 'workspace'>,
): string {
  const { lastAt, incident, flapsSince } = it;
  const heard = lastAt ? `last heard ${showBoth(lastAt, workspace.zone)}` : 'never heard';
  const name = row.name === slackHeartbeat ? 'Andon does not hear Slack' : `${row.name} is missing`;
  const gaps =
    flapsSince && `missed again and again for ${showDuration(now.getTime() - flapsSince.getTime())}`;
  const what = gaps === null ? name : `${name}, it comes and goes (${gaps})`;
  const open = incident === null ? '' : ` INC-${incident} is open on ${row.service}.`;
  const todo =
    row.name === slackHeartbeat
      ? ' Look at Slack’s status, and at Andon’s connection and token: andon doctor says what is wrong.'
      : '';
  return `${what}: ${heard}, expected ${rhythm(row)}.${open}${todo}`;
}
