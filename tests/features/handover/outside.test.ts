// Who has no part in an incident: a drill waits for nobody else, and whoever left a private one is told no more of it.
import { describe, expect, test } from 'vitest';
import { drawHome } from '../../../src/features/home/index.js';
import { recordMember } from '../../../src/features/incident/index.js';
import { features } from '../../../src/features/index.js';
import { taskView } from '../../../src/features/tasks/views.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk, type PersonName, people } from '../../helpers/desk.js';
import { until } from '../../helpers/telling.js';

async function open(engine: 'sqlite' | 'postgresql', ...lines: string[]): Promise<Desk> {
  const desk = await openDesk(engine);
  for (const line of lines) await done(desk, line);
  return desk;
}

async function done(desk: Desk, line: string, person: PersonName = 'ana'): Promise<string> {
  const { accepted, text } = await desk.say(person, line);
  expect(accepted, `${line}: ${text}`).toBe(true);
  await desk.turn();
  return text;
}

const read = (desk: Desk) => desk.db.of(desk.workspace.id).read;
const home = async (desk: Desk, person: PersonName) =>
  (await drawHome(features, read(desk), desk.ask(person))).text;
const states = async (desk: Desk) => (await desk.db.read.handover.findMany()).map((each) => each.state);

async function member(desk: Desk, person: PersonName, joined: boolean): Promise<void> {
  await desk.db.write((tx) => tx.incident.updateMany({ data: { channelId: 'C0PRIVATE' } }));
  const { id, name } = people[person];
  const bound = recordMember.given({ channelId: 'C0PRIVATE', person: { id, name }, joined });
  expect((await desk.execute(bound, desk.ask(person))).accepted).toBe(true);
  await desk.turn();
}

describe.each(engines)('%s', (engine) => {
  test('on App Home a drill waits for its own people alone, and is called a drill there', async () => {
    const lines = ['declare the proxy is slow drill', 'role INC-1 commander me'];
    const desk = await open(engine, ...lines, 'task INC-1 turn it off owner:@eve');
    await done(desk, 'handover INC-1 commander @bob');
    expect(await home(desk, 'bob')).not.toContain('Will you take over');
    expect(await home(desk, 'eve')).not.toContain('turn it off');
    await done(desk, 'role INC-1 scribe @bob');
    await done(desk, 'role INC-1 operations @eve');
    expect(await home(desk, 'bob')).toMatch(/Will you take over commander of INC-1 from Ana\? It is a drill/);
    expect(await home(desk, 'eve')).toMatch(/INC-1 \(drill\) T1 turn it off/);
    expect(await done(desk, 'tasks mine', 'eve')).toContain('(drill)');
  });

  test('whoever left a private incident is asked no more, and an old offer is no way back', async () => {
    const lines = ['declare the keys leaked private', 'role INC-1 commander me', 'role INC-1 scribe @bob'];
    const desk = await open(engine, ...lines, 'handover INC-1 commander @bob', 'handover INC-1 scribe @eve');
    await member(desk, 'bob', false);
    expect((await states(desk)).sort()).toEqual(['offered', 'withdrawn']);
    const { accepted } = await desk.say('bob', 'accept INC-1 commander');
    expect(accepted).toBe(false);
    expect(await desk.db.read.member.count({ where: { userId: people.bob.id } })).toBe(0);
    // Asked anew, they may.
    await done(desk, 'handover INC-1 commander @bob');
    await done(desk, 'accept INC-1 commander', 'bob');
  });

  test('that somebody has held a role for long is not said while they are out of a private incident', async () => {
    const desk = await open(engine, 'declare the keys leaked sev:1 private', 'role INC-1 scribe @bob');
    const said = () => desk.db.read.fact.count({ where: { type: 'RoleHeldLong' } });
    await member(desk, 'bob', false);
    await until(desk, '2026-03-10T22:00Z');
    expect(await said()).toBe(0);
    await member(desk, 'bob', true);
    await until(desk, '2026-03-11T01:00Z');
    expect(await said()).toBe(1);
  });

  test('whoever left a private incident reads nothing of its tasks; whoever wrote one down is reminded', async () => {
    const desk = await open(engine, 'declare the keys leaked private', 'role INC-1 scribe @bob');
    await done(desk, 'task INC-1 turn the keys owner:@bob due:12:00 UTC');
    const task = await desk.db.read.task.findFirstOrThrow();
    const card = async () => (await taskView(read(desk), `${task.id} given ${people.bob.id}`))?.text ?? '';
    expect(await card()).toContain('turn the keys');
    await member(desk, 'bob', false);
    expect(await card()).toMatch(/^T1 of INC-1, which is private/);
    await until(desk, '2026-03-10T13:00Z');
    const reminded = await desk.db.read.fact.findMany({ where: { type: 'TaskReminded' } });
    expect(reminded.map(({ data }) => data)).toMatchObject([{ person: { name: 'Ana' } }]);
    const reminder = await taskView(read(desk), `${task.id} reminder ${people.ana.id}`);
    expect(reminder?.text).toMatch(
      /^Not forgotten: .*turn the keys\nBob, whose it is, is not in the channel/s,
    );
  });

  test('a redaction takes the reason of whoever declined', async () => {
    const lines = ['declare writes are stuck', 'role INC-1 commander me', 'handover INC-1 commander @bob'];
    const desk = await open(engine, ...lines);
    await done(desk, 'decline INC-1 commander my code is 4711', 'bob');
    const { seq } = await desk.db.read.entry.findFirstOrThrow({ where: { text: { contains: '4711' } } });
    await done(desk, `redact INC-1 ${seq} a code`);
    expect(await desk.db.read.handover.findFirst()).toMatchObject({ state: 'declined', answerText: null });
  });

  test('a brief and a list say what holds', async () => {
    const desk = await open(
      engine,
      'declare writes are stuck',
      'subscribe',
      'task INC-1 one',
      'task INC-1 two',
    );
    await done(desk, 'done INC-1 T1');
    const text = await done(desk, 'tasks INC-1');
    expect(text).toContain('/incident done INC-1 T2');
    await done(desk, 'update INC-1 we are on it next:30m');
    expect(await done(desk, 'brief INC-1')).toContain('Told outside');
    desk.now = new Date(desk.now.getTime() + 10_000);
    await done(desk, 'undo INC-1');
    expect(await done(desk, 'brief INC-1')).not.toContain('Told outside');
    await done(desk, 'update INC-1 the code is 4711 next:30m');
    const { seq } = await desk.db.read.entry.findFirstOrThrow({ where: { text: { contains: '4711' } } });
    await done(desk, `redact INC-1 ${seq} a code`);
    expect(await done(desk, 'brief INC-1')).toContain('(redacted); next one due');
  });
});
