// Tasks and follow-ups: who does what until when, what is left when an incident is over, and what the record keeps.
import { describe, expect, test } from 'vitest';
import { drawHome } from '../../../src/features/home/index.js';
import { features } from '../../../src/features/index.js';
import { readRecord } from '../../../src/features/postmortem/read.js';
import { leftView, ownLeftView, taskView } from '../../../src/features/tasks/views.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk, type PersonName, people } from '../../helpers/desk.js';
import { refused, until } from '../../helpers/telling.js';

async function open(engine: 'sqlite' | 'postgresql', ...lines: string[]): Promise<Desk> {
  const desk = await openDesk(engine);
  for (const line of ['declare writes are stuck sev:1 on:api/prod', ...lines]) await done(desk, line);
  return desk;
}

async function done(desk: Desk, line: string, person: PersonName = 'ana'): Promise<string> {
  const { accepted, text } = await desk.say(person, line);
  expect(accepted, `${line}: ${text}`).toBe(true);
  return text;
}

const task = (desk: Desk, number = 1) => desk.db.read.task.findFirstOrThrow({ where: { number } });
const read = (desk: Desk) => desk.db.of(desk.workspace.id).read;
const reminders = async (desk: Desk) =>
  (await desk.db.read.fact.findMany({ where: { type: 'TaskReminded' }, orderBy: { position: 'asc' } })).map(
    (fact) => [
      fact.recordedAt.toISOString().slice(5, 16),
      (fact.data as { person: { name: string } }).person.name,
    ],
  );
const home = async (desk: Desk, person: PersonName) =>
  (await drawHome(features, read(desk), desk.ask(person))).text;

/** The direct messages that wait to be sent, each as it is drawn. */
async function direct(desk: Desk): Promise<{ to: string; text: string }[]> {
  const jobs = await desk.db.read.job.findMany({ where: { kind: 'show' }, orderBy: { id: 'asc' } });
  const shows = jobs.map(
    (job) => job.payload as { view: string; about: string; destination: { userId?: string } },
  );
  const drawn = shows.filter(({ view }) => view === 'task');
  return Promise.all(
    drawn.map(async ({ about, destination }) => ({
      to: destination.userId ?? '',
      text: (await taskView(read(desk), about))?.text ?? '',
    })),
  );
}

describe.each(engines)('%s', (engine) => {
  test('a task is somebody’s, who is told with a button, and who says that it is done', async () => {
    const desk = await open(engine);
    expect(
      await done(desk, 'task INC-1 restore the backup of <!channel> owner:@bob due:14:00 UTC'),
    ).toContain('T1 is a task of INC-1, Bob’s, due 10 Mar 2026 15:00 CET (14:00 UTC)');
    expect(await task(desk)).toMatchObject({
      ...{ kind: 'task', text: 'restore the backup of <!channel>', ownerName: 'Bob', state: 'open' },
      dueAt: new Date('2026-03-10T14:00:00Z'),
    });
    expect(await direct(desk)).toEqual([
      {
        to: people.bob.id,
        text: expect.stringContaining('For you, T1 of INC-1 — a task of “writes are stuck”'),
      },
    ]);
    const { id } = await task(desk);
    const drawn = JSON.stringify(await taskView(read(desk), `${id} given ${people.bob.id}`));
    expect(drawn).toContain('"value":"/incident done INC-1 T1"');
    expect(await home(desk, 'bob')).toMatch(/Waiting for you\n.*INC-1 T1 restore the backup/s);
    expect(await done(desk, 'done INC-1 T1 from the copy of Sunday at:10:40', 'bob')).toContain('10:40 UTC');
    expect(await task(desk)).toMatchObject({
      ...{ state: 'done', endedByName: 'Bob', endedAt: new Date('2026-03-10T10:40:00Z') },
    });
    expect((await taskView(read(desk), `${id} given ${people.bob.id}`))?.text).toContain('is done, by Bob');
    expect(await home(desk, 'bob')).not.toContain('T1');
    const entries = await desk.db.read.entry.findMany({ where: { kind: 'action' }, orderBy: { seq: 'asc' } });
    expect(entries.map(({ text }) => text)).toEqual([
      'Task T1 (Bob, due 2026-03-10 14:00 UTC): restore the backup of <!channel>',
      'T1 is done: from the copy of Sunday',
    ]);
  });

  test('a number that was taken back is not given again, and done takes it with or without its letter', async () => {
    const desk = await open(engine, 'task INC-1 one', 'undo INC-1', 'task INC-1 two', 'followup INC-1 three');
    expect(await desk.db.read.task.findMany({ orderBy: { number: 'asc' } })).toMatchObject([
      { number: 2, kind: 'task' },
      { number: 3, kind: 'followup' },
    ]);
    await done(desk, 'done INC-1 2');
    await done(desk, 'done INC-1 t3');
    expect(await refused(desk, 'ana', 'done INC-1 T1')).toContain('INC-1 has no T1');
    expect(await refused(desk, 'ana', 'drop INC-1 T2 no need')).toContain('T2 is done already, by Ana');
    expect(await refused(desk, 'ana', 'done INC-1 soon')).toContain('Say which task, such as T3');
  });

  test('a task that changes hands is the new owner’s, and only theirs', async () => {
    const desk = await open(engine, 'task INC-1 look at the graphs owner:@bob');
    const { id } = await task(desk);
    expect(await refused(desk, 'ana', 'assign INC-1 T1 @bob')).toContain('Bob’s already');
    await done(desk, 'assign INC-1 T1 @eve');
    expect((await taskView(read(desk), `${id} given ${people.bob.id}`))?.text).toContain('is Eve’s now');
    expect(await done(desk, 'tasks mine', 'eve')).toContain('INC-1 T1 look at the graphs');
    expect(await done(desk, 'tasks mine', 'bob')).toBe('Nothing is to be done by you.');
    await done(desk, 'drop INC-1 T1 there are none');
    expect(await done(desk, 'tasks INC-1')).toContain('Nothing is open on INC-1');
    expect(await done(desk, 'tasks INC-1 all')).toMatch(/T1 look at the graphs · @Eve · dropped/);
  });

  test('its owner is reminded when it is due and once a day, wherever it was moved, until it is done', async () => {
    const desk = await open(engine, 'task INC-1 restore the backup owner:@bob due:12:00 UTC');
    await until(desk, '2026-03-10T11:30Z');
    await done(desk, 'due INC-1 T1 13:00 UTC', 'bob');
    await until(desk, '2026-03-11T14:00Z');
    expect(await reminders(desk)).toEqual([
      ['03-10T13:00', 'Bob'],
      ['03-11T13:00', 'Bob'],
    ]);
    // A slip that was taken back leaves the next one where it was.
    await done(desk, 'done INC-1 T1', 'bob');
    await done(desk, 'undo INC-1', 'bob');
    await until(desk, '2026-03-12T14:00Z');
    expect(await reminders(desk)).toHaveLength(3);
    await done(desk, 'done INC-1 T1', 'bob');
    await until(desk, '2026-03-20T14:00Z');
    expect(await reminders(desk)).toHaveLength(3);
    expect(await refused(desk, 'ana', 'due INC-1 T1 15:00')).toContain('is done already');
  });

  test('a move that is taken back leaves the time that was said before', async () => {
    const desk = await open(engine, 'task INC-1 restore the backup owner:@bob due:12:00 UTC');
    await done(desk, 'due INC-1 T1 15:00 UTC', 'bob');
    await done(desk, 'undo INC-1', 'bob');
    await until(desk, '2026-03-10T12:00Z');
    expect(await reminders(desk)).toEqual([['03-10T12:00', 'Bob']]);
  });

  test('whoever wrote it down is reminded of what nobody owns', async () => {
    const desk = await open(engine);
    await done(desk, 'task INC-1 call the vendor due:12:00 UTC', 'eve');
    await until(desk, '2026-03-10T12:00Z');
    expect(await reminders(desk)).toEqual([['03-10T12:00', 'Eve']]);
  });

  test('a time that is over is refused', async () => {
    const desk = await open(engine, 'task INC-1 call the vendor');
    expect(await refused(desk, 'ana', 'task INC-1 call the vendor due:"2026-03-09 12:00"')).toContain(
      'That time is over',
    );
    expect(await refused(desk, 'ana', 'due INC-1 T1')).toContain('Say until when');
  });

  test('a length of time is from now, with quotes and without, and none takes the date away', async () => {
    const desk = await open(engine);
    expect(await done(desk, 'task INC-1 call the vendor due:10m owner:me')).toContain('(10:55 UTC)');
    expect(await done(desk, 'followup INC-1 due:2h alert on it')).toContain('(12:45 UTC)');
    for (const words of ['30m', 'in 30 minutes', '"in 30 minutes"', '"30 minutes"'])
      expect(await done(desk, `due INC-1 T1 ${words}`), words).toContain('(11:15 UTC)');
    expect(await done(desk, 'due INC-1 T1 none')).toContain('has no date now');
    expect((await task(desk)).dueAt).toBeNull();
    await until(desk, '2026-03-10T12:00Z');
    expect(await reminders(desk)).toEqual([]);
    expect(await refused(desk, 'ana', 'due INC-1 T1 none')).toContain('has no date');
    for (const words of ['soonish', 'yesterday'])
      expect(await refused(desk, 'ana', `task INC-1 call them due:${words}`)).not.toMatch(/ago|yesterday \d/);
  });

  test('a task has one owner, and what is done before it was written down is remarked', async () => {
    const desk = await open(engine);
    for (const owners of ['@bob,@eve', '@bob, @eve', '<@U0BOB>,<@U0EVE>'])
      expect(await refused(desk, 'ana', `task INC-1 look owner:${owners}`), owners).toContain(
        'takes one person',
      );
    await done(desk, 'task INC-1 look, @eve too owner:@bob');
    expect(await done(desk, 'done INC-1 T1 at:10:00')).toContain('before T1 was written down');
  });

  test('what is left when the incident is over is listed once, and becomes a follow-up, or is done', async () => {
    const desk = await open(
      engine,
      'task INC-1 restore the backup owner:@bob due:12:00 UTC',
      'task INC-1 look at the graphs',
      'followup INC-1 alert on a full disk owner:@eve due:"2026-03-12 12:00 UTC"',
    );
    const { id } = await desk.db.read.incident.findFirstOrThrow();
    expect(await leftView(read(desk), id)).toBeNull();
    await done(desk, 'resolve INC-1');
    const left = await leftView(read(desk), id);
    expect(left?.text).toMatch(/INC-1 is over.*T1 restore the backup.*T2 look at the graphs/s);
    expect(left?.text).not.toContain('alert on a full disk');
    expect(JSON.stringify(left)).toContain('"value":"/incident followup INC-1 T1"');
    expect(await refused(desk, 'ana', 'task INC-1 something else')).toContain('/incident followup TEXT');
    await done(desk, 'followup INC-1 T1');
    expect(await refused(desk, 'ana', 'followup INC-1 T1')).toContain('follow-up already');
    expect(await refused(desk, 'ana', 'followup INC-1 T9')).toContain('INC-1 has no T9');
    await done(desk, 'done INC-1 T2');
    await done(desk, 'close INC-1');
    await done(desk, 'followup INC-1 write a page about backups', 'bob');
    // A follow-up outlives its incident.
    await until(desk, '2026-03-13T07:00Z');
    expect(await reminders(desk)).toEqual([
      ['03-10T12:00', 'Bob'],
      ['03-11T09:00', 'Bob'],
      ['03-11T12:00', 'Eve'],
      ['03-12T09:00', 'Bob'],
      ['03-12T12:00', 'Eve'],
    ]);
  });

  test('at the end each owner is told once what is theirs, is reminded as before, and at the close it becomes a follow-up', async () => {
    const desk = await open(
      engine,
      'task INC-1 restore the backup owner:@bob due:12:00 UTC',
      'task INC-1 look at the graphs owner:@bob',
      'task INC-1 call the vendor owner:@eve',
      'resolve INC-1',
    );
    const { id } = await desk.db.read.incident.findFirstOrThrow();
    await desk.turn();
    const told = async () =>
      (await desk.db.read.job.findMany({ where: { kind: 'show' }, orderBy: { id: 'asc' } }))
        .map(({ payload }) => payload as { view: string; destination: { userId?: string } })
        .filter(({ view }) => view === 'tasksOwn')
        .map(({ destination }) => destination.userId);
    expect((await told()).sort()).toEqual([people.bob.id, people.eve.id].sort());
    const own = await ownLeftView(read(desk), `${id} ${people.bob.id}`);
    expect(own?.text).toMatch(/INC-1 is resolved, and tasks of yours are not done.*T1.*T2/s);
    expect(own?.text).not.toContain('vendor');
    expect(JSON.stringify(own)).toContain('"value":"/incident followup INC-1 T2"');
    await until(desk, '2026-03-10T12:30Z');
    expect(await reminders(desk)).toEqual([['03-10T12:00', 'Bob']]);
    await done(desk, 'done INC-1 T2', 'bob');
    // A close that is taken back leaves the tasks what they are.
    await done(desk, 'close INC-1');
    await done(desk, 'undo INC-1');
    await until(desk, '2026-03-10T13:00Z');
    expect((await task(desk)).kind).toBe('task');
    await done(desk, 'close INC-1');
    await until(desk, '2026-03-10T13:10Z');
    expect([(await task(desk, 1)).kind, (await task(desk, 2)).kind, (await task(desk, 3)).kind]).toEqual([
      'followup',
      'task',
      'followup',
    ]);
    const said = (await desk.db.read.job.findMany({ where: { kind: 'say' } })).map(({ payload }) =>
      JSON.stringify(payload),
    );
    expect(said.filter((text) => text.includes('It is closed, so what was left'))).toHaveLength(1);
    expect((await ownLeftView(read(desk), `${id} ${people.bob.id}`))?.text).toContain('are follow-ups now');
    await until(desk, '2026-03-11T10:00Z');
    expect(await reminders(desk)).toEqual([
      ['03-10T12:00', 'Bob'],
      ['03-11T09:00', 'Bob'],
    ]);
  });

  test('a task of an incident that was merged keeps its reminders', async () => {
    const desk = await open(
      engine,
      'task INC-1 restore the backup owner:@bob due:12:00 UTC',
      'declare db is down sev:2 on:db/prod anyway',
      'merge INC-1 INC-2',
    );
    await until(desk, '2026-03-10T12:30Z');
    expect(await reminders(desk)).toEqual([['03-10T12:00', 'Bob']]);
    expect((await task(desk)).kind).toBe('task');
  });

  test('a redaction takes the words of a task from its row, its list and its messages', async () => {
    const desk = await open(engine, 'task INC-1 change the password hunter2 owner:@bob');
    const { id } = await task(desk);
    const { seq } = await desk.db.read.entry.findFirstOrThrow({ where: { text: { contains: 'hunter2' } } });
    await done(desk, `redact INC-1 ${seq} a password`);
    await desk.turn();
    expect((await taskView(read(desk), `${id} given ${people.bob.id}`))?.text).toContain('redacted');
    for (const line of ['tasks INC-1 all', 'brief INC-1', 'show INC-1'])
      expect(await done(desk, line)).not.toContain('hunter2');
    const record = await readRecord(read(desk), (await task(desk)).incidentId, desk.workspace);
    expect(JSON.stringify(record)).not.toContain('hunter2');
  });

  test('of a private incident only members are given tasks, and nobody else reads of them', async () => {
    const desk = await openDesk(engine);
    await done(desk, 'declare the keys leaked private');
    expect(await refused(desk, 'ana', 'task INC-1 turn the keys owner:@bob')).toContain(
      'Bob is not a member',
    );
    await done(desk, 'task INC-1 turn the keys owner:me');
    expect(await refused(desk, 'ana', 'assign INC-1 T1 @eve')).toContain('is not a member');
    expect(await refused(desk, 'bob', 'done INC-1 T1')).toContain('There is no INC-1');
    expect(await done(desk, 'tasks INC-1', 'bob')).toContain('There is no INC-1');
    expect(await home(desk, 'bob')).not.toContain('turn the keys');
    expect(await home(desk, 'ana')).toContain('turn the keys');
  });

  test('the record has the follow-ups, and what was to be done while it lasted', async () => {
    const desk = await open(
      engine,
      'task INC-1 restore the backup owner:@bob',
      'task INC-1 call the vendor',
      'followup INC-1 alert on a full disk owner:@eve due:"2026-03-12 12:00 UTC"',
      'done INC-1 T1',
      'drop INC-1 T2 they called',
    );
    const { id } = await desk.db.read.incident.findFirstOrThrow();
    const record = await readRecord(read(desk), id, desk.workspace);
    expect(record.followups).toEqual([
      {
        ...{ key: 'T3', text: 'alert on a full disk', owner: { id: people.eve.id, name: 'Eve' } },
        ...{ dueAt: '2026-03-12T12:00:00.000Z', done: false },
      },
    ]);
    expect(record.tasks).toMatchObject([{ key: 'T1', text: 'restore the backup', done: true }]);
    const draft = features.find(({ name }) => name === 'postmortem')?.documents?.md;
    const { content } = (await draft?.(read(desk), id, desk.workspace)) ?? { content: '' };
    expect(content).toMatch(/\[ \] \*\*T3\*\* alert on a full disk — Eve, due/);
    expect(content).toMatch(/To be done while it lasted:\n\n- \[x\] \*\*T1\*\* restore the backup — Bob/);
    expect(content).not.toContain('**T2**');
  });
});
