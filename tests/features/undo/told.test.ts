// What people are shown of an undoing and of a correction: in the channel, over HTTP, and in the draft.
import { describe, expect, test } from 'vitest';
import { engines } from '../../helpers/databases.js';
import { openWorld, type World } from '../../helpers/world.js';

async function openIncident(world: World) {
  const { sandbox } = world;
  await sandbox.person('ana').command('/incident declare writes are stuck', { channel: 'general' });
  await world.settled();
  const channel = sandbox.channels().find((each) => each.name.startsWith('inc-1-'))?.name ?? '';
  await sandbox.person('bob').join(channel);
  const say = async (line: string, who = 'ana') => {
    const outcome = await sandbox.person(who).command(`/incident ${line}`, { channel });
    await world.settled();
    return outcome.reply?.text ?? outcome.error ?? '';
  };
  const posted = (where = channel) => sandbox.messages(where).map((each) => each.text);
  const draft = async () => {
    await say('export md');
    return sandbox.files().at(-1)?.content.toString() ?? '';
  };
  return { channel, say, posted, draft };
}

describe.each(engines)('%s', (engine) => {
  test('a link that was undone holds nowhere: not in its message, the list or the draft', async () => {
    const world = await openWorld({ engine });
    const { say, posted, draft } = await openIncident(world);
    await say('link https://example.com/graph write latency');
    expect(posted().join('\n')).toContain('https://example.com/graph');
    await say('undo');
    expect(posted().join('\n')).not.toContain('https://example.com/graph');
    expect(posted().filter((each) => each.includes('#2 the link undone by ana'))).toHaveLength(1);
    const list = await say('timeline', 'bob');
    expect(list).toMatch(/\(https:\/\/example.com\/graph\) — ana, undone by ana/);
    const text = await draft();
    expect(text).toMatch(/~~.*https:\/\/example.com\/graph.*~~ — ana, undone by ana 10:30/);
    expect(text.slice(text.indexOf('## Links'))).not.toContain('https://example.com/graph');
  });

  test('the message that said a change says that it was undone, and the channel hears of it', async () => {
    const world = await openWorld({ engine });
    const { sandbox } = world;
    const { say, posted, channel } = await openIncident(world);
    await say('severity 1 all writes fail');
    await say('undo');
    expect(posted().some((each) => each.includes('all writes fail'))).toBe(false);
    expect(posted().some((each) => each.includes('#2 severity SEV2 → SEV1 undone by ana'))).toBe(true);
    const struck = sandbox.messages(channel).find((each) => each.text.includes('undone by'));
    // PostgreSQL's jsonb does not keep the order of keys.
    expect(JSON.stringify(struck?.blocks)).toMatch(/"strike":true/);
    expect(posted()).toContain('Undone: #2 severity SEV2 → SEV1 (ana)');
    expect(posted().at(-1)).toMatch(/set the channel topic: SEV2/);
    await say('note a slip');
    await say('undo');
    expect(posted().some((each) => each.includes('a slip'))).toBe(false);
    expect(posted().some((each) => each.includes('#4 the note undone by ana'))).toBe(true);
  });

  test('an incident declared by mistake says so where it was announced', async () => {
    const world = await openWorld({ engine });
    const { say, posted } = await openIncident(world);
    expect(await say('undo')).toContain('Undone: #1 the declaration');
    const announced = posted('incidents').filter((each) => each.includes('INC-1'));
    expect(announced).toHaveLength(1);
    expect(announced[0]).toContain('Declared by mistake');
    expect(announced[0]).toContain('closed');
    expect(posted().join('\n')).toContain('declared by mistake');
  });

  test('the draft and programs see who corrected and who undid, when, and the words from before', async () => {
    const world = await openWorld({ engine });
    const { say, draft } = await openIncident(world);
    await say('note the disk is full', 'bob');
    await world.pass({ minutes: 2 });
    await say('correct #2 the disk of db-2 is full');
    await say('mitigated');
    await say('undo');
    const text = await draft();
    expect(text).toMatch(/corrected by entry 3\) · ~~the disk is full~~ — bob/);
    expect(text).toMatch(/the disk of db-2 is full — bob, corrected by ana 10:32/);
    expect(text).toMatch(/~~Mitigated: now~~ — ana, undone by ana 10:32/);
    const { timeline } = JSON.parse(await exported(world, say)) as { timeline: Record<string, unknown>[] };
    expect(timeline.find((each) => each.seq === 3)).toMatchObject({
      author: { name: 'bob' },
      recordedBy: { name: 'ana' },
      recordedAt: '2026-03-10T10:32:00.000Z',
    });
    expect(timeline.find((each) => each.seq === 4)).toMatchObject({
      struck: true,
      undone: { by: { name: 'ana' }, at: '2026-03-10T10:32:00.000Z' },
    });
    expect(timeline.find((each) => each.seq === 5)).toMatchObject({ text: 'Undone: #4 mitigated: now' });
  });
});

async function exported(world: World, say: (line: string) => Promise<string>): Promise<string> {
  await say('export json');
  return world.sandbox.files().at(-1)?.content.toString() ?? '';
}
