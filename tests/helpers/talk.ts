// What people say to Andon in a world, and what they then see of the incident.
import { expect } from 'vitest';
import type { World } from './world.js';

/** Says `/incident LINE`, waits until everything that follows is done, and returns what is answered. */
export async function say(world: World, person: string, line: string, channel = 'general'): Promise<string> {
  const outcome = await world.sandbox.person(person).command(`/incident ${line}`, { channel });
  expect(outcome.ok, line).toBe(true);
  await world.settled();
  return outcome.reply?.text ?? '';
}

/** The channel of an incident, as Slack has it. */
export function channelOf(world: World, number = 1) {
  const found = world.sandbox.channels().find((each) => each.name.startsWith(`inc-${number}-`));
  if (!found) throw new Error(`no channel of INC-${number}`);
  return found;
}

/** The texts of all direct messages. */
export function directs(world: World): string[] {
  const direct = world.sandbox.channels().filter((each) => each.isIm);
  return direct.flatMap((each) => each.messages).map((each) => each.text);
}

/** Calls Slack with Andon's own token, for what no person of the local Slack can do. */
export async function callSlack(
  world: World,
  method: string,
  args: Record<string, string>,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${world.sandbox.apiUrl}${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.sandbox.botToken}` },
    body: new URLSearchParams(args),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  expect(answer.ok, `${method}: ${String(answer.error)}`).toBe(true);
  return answer;
}
