// What people say of changes in a world, and what they then see of them.
import { expect } from 'vitest';
import type { World } from './world.js';

/** Says `/change LINE`, waits until everything that follows is done, and returns what is answered. */
export async function sayChange(
  world: World,
  person: string,
  line: string,
  channel = 'general',
): Promise<string> {
  const outcome = await world.sandbox.person(person).command(`/change ${line}`, { channel });
  expect(outcome.ok, line).toBe(true);
  await world.settled();
  return outcome.reply?.text ?? '';
}

/** What Andon said in a channel: at its top, or in threads. */
export function saidIn(world: World, channel = 'changes', where: 'top' | 'thread' = 'top'): string[] {
  // That somebody joined is said by Slack, in their name, without blocks.
  const ours = world.sandbox
    .messages(channel)
    .filter((each) => each.user === world.sandbox.botUserId && each.blocks.length > 0);
  const inThread = (each: { ts: string; threadTs?: string }) =>
    each.threadTs !== undefined && each.threadTs !== each.ts;
  return ours.filter((each) => inThread(each) === (where === 'thread')).map((each) => each.text);
}

/** What Andon said to a person alone. */
export function toldTo(world: World, name: string): string[] {
  const { id } = world.sandbox.person(name);
  const direct = world.sandbox.channels().filter((each) => each.isIm && each.members.includes(id));
  return direct.flatMap((each) => each.messages).map((each) => each.text);
}
