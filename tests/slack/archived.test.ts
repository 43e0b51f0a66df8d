// An incident's channel that was archived in Slack: the incident goes on elsewhere, and says so once.
import { describe, expect, test } from 'vitest';
import { rows, unfinished } from '../helpers/record.js';
import { callSlack, channelOf, directs, say } from '../helpers/talk.js';
import { openWorld, type World } from '../helpers/world.js';

const notice = 'Slack did not let me do everything.';

describe('an incident whose channel was archived', () => {
  test('goes on in a thread of its announcement: summary, what was said, and one notice', async () => {
    const world = await openWorld();
    await say(world, 'ana', 'declare writes are stuck sev:1');
    await archive(world);
    await say(world, 'ana', 'note INC-1 failing over');
    await say(world, 'ana', 'status INC-1 identified the disk is full');
    expect(placeOf(world)).toEqual(['thread']);
    const said = inThread(world);
    expect(said.filter((text) => text.startsWith('INC-1 writes are stuck'))).toHaveLength(1);
    expect(said.find((text) => text.startsWith('INC-1'))).toContain('identified');
    expect(said.filter((text) => text.includes('failing over'))).toHaveLength(1);
    expect(said.filter((text) => text.includes('status investigating → identified'))).toHaveLength(1);
    const notices = said.filter((text) => text.startsWith(notice));
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain('Somebody archived its channel; the incident goes on in a thread');
    expect(directs(world)).toEqual([]);
  });

  test('a notice that stood in the channel is said anew where it goes on', async () => {
    const world = await openWorld();
    world.sandbox.faults.refuse('pins.add', 'missing_scope', { needed: 'pins:write' });
    await say(world, 'ana', 'declare writes are stuck sev:1');
    await archive(world);
    await say(world, 'ana', 'severity INC-1 2 fewer than thought');
    const notices = inThread(world).filter((text) => text.startsWith(notice));
    expect(notices).toHaveLength(1);
    expect(notices[0]).toContain('pins:write');
    expect(notices[0]).toContain('archived its channel');
  });

  test('resolved there, its draft is in the thread', async () => {
    const world = await openWorld();
    await say(world, 'ana', 'declare writes are stuck sev:1');
    await archive(world);
    await say(world, 'ana', 'resolve INC-1 it is back');
    const home = world.sandbox.channel('incidents')?.id ?? '';
    expect(world.sandbox.files().filter((each) => each.channels.includes(home))).toHaveLength(1);
    expect(
      unfinished(world.databaseUrl).filter((each) => each.kind === 'upload' && each.state === 'waiting'),
    ).toEqual([]);
  });

  test('a private one goes on in a direct message with its members', async () => {
    const world = await openWorld();
    await say(world, 'ana', 'declare keys leaked sev:1 private');
    await archive(world);
    await say(world, 'ana', 'note INC-1 rotating them');
    expect(placeOf(world)).toEqual(['direct']);
    expect(directs(world).filter((text) => text.includes('rotating them'))).toHaveLength(1);
    expect(directs(world).filter((text) => text.startsWith(notice))).toHaveLength(1);
    expect(inThread(world)).toEqual([]);
  });

  test('with nowhere to go it stops trying, and the record is whole', async () => {
    const world = await openWorld();
    await say(world, 'ana', 'declare keys leaked sev:1 private');
    await archive(world);
    world.sandbox.faults.refuse('conversations.open', 'restricted_action');
    await say(world, 'ana', 'note INC-1 rotating them');
    await say(world, 'ana', 'note INC-1 rotated');
    expect(placeOf(world)).toEqual(['channel']);
    expect(unfinished(world.databaseUrl).filter((each) => each.state === 'waiting')).toEqual([]);
    expect(rows(world.databaseUrl, `SELECT "text" FROM "Entry" WHERE "kind" = 'note'`)).toHaveLength(2);
  });
});

async function archive(world: World): Promise<void> {
  await callSlack(world, 'conversations.archive', { channel: channelOf(world).id });
}

function placeOf(world: World): string[] {
  return rows<{ placeKind: string }>(world.databaseUrl, 'SELECT "placeKind" FROM "Incident"').map(
    (each) => each.placeKind,
  );
}

function inThread(world: World): string[] {
  const all = world.sandbox.messages('incidents');
  return all.filter((each) => each.threadTs && each.threadTs !== each.ts).map((each) => each.text);
}
