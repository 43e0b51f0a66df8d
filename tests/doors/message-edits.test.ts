// What happens in Slack to a message that is on a timeline: whatever it says, and wherever it says it, is followed.
import { describe, expect, test } from 'vitest';
import { placeOpened, placeStream, recordResult } from '../../src/features/places/index.js';
import { recordLooks } from '../../src/features/sources/index.js';
import { type Reader, type SlackMessage, saidIn, seenOf } from '../../src/slack/message.js';
import { engines } from '../helpers/databases.js';
import { openDesk } from '../helpers/desk.js';
import { post } from '../helpers/requests.js';
import { type IncidentWorld, openIncident, taken } from '../helpers/sources.js';
import { verdictOf } from '../helpers/verdict.js';
import { program } from '../http/help.js';

type Words = Omit<Partial<SlackMessage>, 'ts'>;

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const button = { type: 'actions', elements: [{ type: 'button', text: { type: 'plain_text', text: 'Ack' } }] };
const rich = (text: string) => ({ type: 'rich_text', elements: [{ elements: [{ type: 'text', text }] }] });
const app = { bot_id: 'B9', username: 'Alerts' };
const unfolded = { from_url: 'https://g.example', title: 'Grafana', text: 'a graph' };

/** What an app or a person changes, and the words of it before and after. */
const changes: [string, Words, Words, string, string][] = [
  [
    'the blocks',
    { ...app, blocks: [section('disk 90 %')] },
    { ...app, blocks: [section('ok')] },
    'disk 90 %',
    'ok',
  ],
  [
    'the blocks below a text that stays',
    { ...app, text: 'Alert', blocks: [section('disk 90 %'), button] },
    { ...app, text: 'Alert', blocks: [section('RESOLVED'), button] },
    'Alert\ndisk 90 %',
    'Alert\nRESOLVED',
  ],
  [
    'an attachment’s title',
    { ...app, attachments: [{ title: 'FIRING p99' }] },
    { ...app, attachments: [{ title: 'RESOLVED p99' }] },
    'FIRING p99',
    'RESOLVED p99',
  ],
  [
    'an attachment’s pretext below a text that stays',
    { ...app, text: 'Alert', attachments: [{ pretext: 'FIRING', text: 'p99 is 4 s' }] },
    { ...app, text: 'Alert', attachments: [{ pretext: 'RESOLVED', text: 'p99 is 4 s' }] },
    'Alert\nFIRING\np99 is 4 s',
    'Alert\nRESOLVED\np99 is 4 s',
  ],
  [
    'an attachment’s fallback',
    { ...app, attachments: [{ fallback: 'FIRING' }] },
    { ...app, attachments: [{ fallback: 'RESOLVED' }] },
    'FIRING',
    'RESOLVED',
  ],
  [
    'the blocks of an attachment',
    { ...app, attachments: [{ blocks: [section('FIRING')] }] },
    { ...app, attachments: [{ blocks: [section('RESOLVED')] }] },
    'FIRING',
    'RESOLVED',
  ],
];

const reader: Reader = {
  workspaceId: 'w',
  people: {
    byId: async () => null,
    byName: async () => new Map(),
    keep: async (_workspace, id) => ({ id, name: id, zone: null }),
  },
  teamUrl: 'https://t.slack.com/',
  botUserId: 'UBOT',
  emoji: 'pushpin',
};

async function changed(world: IncidentWorld, ts: string, before: Words, after: Words): Promise<number> {
  const looks = () => world.app.db.read.job.count({ where: { kind: 'look' } });
  const count = await looks();
  const event = {
    ...{ type: 'message', subtype: 'message_changed', channel: world.sandbox.channel(world.channel)?.id },
    ...{ ts: '1773139999.000100', message: { ts, ...after }, previous_message: { ts, ...before } },
  };
  await post(world, {
    type: 'json',
    body: JSON.stringify({
      ...{ token: 'x', team_id: world.sandbox.teamId, api_app_id: world.sandbox.appId },
      ...{ type: 'event_callback', event_id: `Ev${Math.random()}`, event_time: 1, event },
    }),
  });
  return (await looks()) - count;
}

describe('a change', () => {
  test('is heard wherever the words are, and nothing else is taken for one', async () => {
    const world = await openIncident();
    const { ts } = await world.sandbox.person('bob').say('alert', { channel: world.channel });
    await world.sandbox.person('ana').react(world.channel, ts, 'pushpin');
    await world.settled();
    for (const [what, before, after] of changes)
      expect(await changed(world, ts, before, after), what).toBe(1);
    const file = { id: 'F1', name: 'graph.png' };
    const gone = { id: 'F1', mode: 'tombstone' };
    expect(await changed(world, ts, { text: 'x', files: [file] }, { text: 'x', files: [gone] })).toBe(1);
    for (const [before, after] of [
      [{ text: 'see https://g.example' }, { text: 'see https://g.example', attachments: [unfolded] }],
      [
        { ...app, text: 'see' },
        { ...app, text: 'see', attachments: [unfolded] },
      ],
      [{ text: 'x' }, { text: 'x', reply_count: 2 }],
      [{ text: 'x' }, { text: 'x', blocks: [rich('x')] }],
    ] as [Words, Words][])
      expect(await changed(world, ts, before, after), JSON.stringify(after)).toBe(0);
  });

  test.each(changes)('of %s is read as it is heard', async (_what, before, after, from, to) => {
    const ts = '1773138600.000200';
    expect(saidIn({ ts, ...before })).not.toBe(saidIn({ ts, ...after }));
    expect((await seenOf(reader, 'C1', { ts, ...before })).text).toBe(from);
    expect((await seenOf(reader, 'C1', { ts, ...after })).text).toBe(to);
  });
});

describe.each(engines)('on %s', (engine) => {
  /** An incident, and a message on its timeline that says this now. */
  async function withMessage(message: Words) {
    const desk = await openDesk(engine);
    const ts = '1773138600.000200';
    await desk.say('ana', 'declare writes are stuck');
    const { id } = await desk.db.read.incident.findFirstOrThrow();
    const place = { kind: 'channel' as const, channelId: 'C1', channelName: 'inc-1', threadTs: null };
    const opened = placeOpened({ incidentId: id, ...place }, { stream: placeStream(id) });
    await desk.execute(recordResult.given([opened]), desk.ask());
    const looks = async (words: Words, name = 'ana') => {
      const byId: Reader['people']['byId'] = async (_workspace, id) => ({ id, name, zone: null });
      const seen = await seenOf({ ...reader, people: { ...reader.people, byId } }, 'C1', {
        ts,
        user: 'U0BOB',
        ...words,
      });
      const marks = { reactors: ['U0ANA'], more: false, pinned: false };
      await desk.execute(recordLooks.given([{ channelId: 'C1', ts, seen, marks, mark: null }]), desk.ask());
    };
    await looks(message);
    const entries = () => desk.db.read.entry.findMany({ orderBy: { seq: 'asc' }, where: { seq: { gt: 1 } } });
    return { id, desk, looks, entries };
  }

  test('a file that is deleted in Slack leaves the entry; that it was there stays on record', async () => {
    const file = { id: 'F1', name: 'graph.png', permalink: 'https://t.slack.com/files/F1' };
    const other = { ...file, id: 'F2', name: 'log.txt' };
    const { looks, entries } = await withMessage({ text: 'see <@U1>', files: [file, other] });
    await looks({ text: 'see <@U1>', files: [{ id: 'F1', mode: 'tombstone' }, other] });
    await looks({ text: 'see <@U1>', files: [{ id: 'F1', mode: 'tombstone' }, other] });
    const [old, now, ...rest] = await entries();
    expect(rest).toEqual([]);
    expect(old).toMatchObject({ correctedBy: now?.id, files: [{ id: 'F1' }, { id: 'F2' }] });
    expect(now).toMatchObject({ correctedBy: null, files: [{ id: 'F2', name: 'log.txt' }] });
  });

  test('an alert that names somebody is followed though Slack marks no edit, and a new name is none', async () => {
    const alert = (text: string) => ({ ...app, attachments: [{ title: text, text: 'for <@U1>' }] });
    const { looks, entries } = await withMessage(alert('FIRING'));
    await looks(alert('RESOLVED'));
    await looks(alert('RESOLVED'), 'Ana the Great');
    expect((await entries()).map((each) => each.text)).toEqual(['FIRING\nfor @ana', 'RESOLVED\nfor @ana']);
  });

  test('a correction by hand keeps the files, but for those that are deleted in Slack', async () => {
    const file = { id: 'F1', name: 'graph.png', permalink: 'https://t.slack.com/files/F1' };
    const { desk, looks, entries } = await withMessage({ text: 'see the latency', files: [file] });
    await desk.say('ana', 'correct INC-1 #2 see the write latency');
    expect((await entries()).at(-1)).toMatchObject({ text: 'see the write latency', files: [{ id: 'F1' }] });
    await looks({ text: 'see the latency', files: [{ id: 'F1', mode: 'tombstone' }] });
    const corrected = (await entries()).find((each) => each.text === 'see the write latency');
    expect(corrected).toMatchObject({ correctedBy: null, files: [] });
  });

  test('what was ruled out stays ruled out when its author edits it', async () => {
    const { id, desk, looks, entries } = await withMessage({ text: 'hypothesis: the disk is full' });
    await desk.say('ana', 'strike INC-1 #2 it has room');
    await looks({ text: 'hypothesis: the disc is full', edited: { ts: '2' } });
    await looks({ text: 'the disc of db-1 is full', edited: { ts: '3' } });
    const said = (await entries()).filter((each) => each.text.includes('is full'));
    expect(said.map((each) => [each.kind, each.struck])).toEqual([
      ['hypothesis', true],
      ['hypothesis', true],
      ['hypothesis', true],
    ]);
    expect((await desk.say('ana', 'timeline INC-1')).text).toContain('the disc of db-1 is full ruled out');
    // The reason may hold what has to go: it is said once.
    await desk.say('ana', 'redact INC-1 #3 a name');
    expect(JSON.stringify(await entries())).not.toContain('it has room');
    expect(await verdictOf(desk.db.of(desk.workspace.id), id)).toMatchObject({ whole: true });
  });
});

describe('files', () => {
  test('are named with their place wherever the entry is shown, and none is made public', async () => {
    const world = await openIncident();
    const { sandbox, channel } = world;
    const bob = sandbox.person('bob');
    await bob.upload(channel, { name: 'graph.png', content: 'PNG' });
    const message = sandbox.messages(channel).find((each) => each.files.length > 0);
    await bob.edit(channel, message?.ts ?? '', 'see the write latency');
    await bob.react(channel, message?.ts ?? '', 'pushpin');
    await world.settled();
    const [entry] = await taken(world);
    const [file] = (entry?.files ?? []) as { name: string; permalink: string }[];
    const { permalink } = file ?? { permalink: 'none' };
    const ci = await program(world);

    const list = await bob.command('/incident timeline', { channel });
    expect(list.reply?.text).toContain('see the write latency — bob · file: graph.png');
    expect(JSON.stringify(list.reply)).toContain(permalink);
    const { entries } = (await ci.get('incidents/1/timeline')).body;
    expect(entries.at(-1)).toMatchObject({ files: [{ name: 'graph.png', permalink }] });
    const { timeline } = (await ci.get('incidents/1/postmortem.json')).body;
    expect(timeline.at(-1)).toMatchObject({ files: [{ name: 'graph.png', permalink }] });
    const { text } = await ci.get('incidents/1/postmortem.md');
    expect(text).toContain(`see the write latency — bob · file: graph.png <${permalink}>`);
    const page = (await ci.get('incidents/1/postmortem.html')).text;
    expect(page).toMatch(/file: <bdi class="said">graph.png<\/bdi>/);
    expect(page).toContain(`href="${permalink}"`);
    expect(sandbox.calls.filter((call) => call.method.startsWith('files.shared'))).toEqual([]);

    await bob.command(`/incident redact #${entry?.seq} a customer`, { channel });
    await world.settled();
    for (const format of ['md', 'html', 'json'])
      expect((await ci.get(`incidents/1/postmortem.${format}`)).text).not.toContain('graph.png');
  });
});
