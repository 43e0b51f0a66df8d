// The thaw: what was held goes in order, one after the other; and what a new freeze overtakes is told.
import { describe, expect, test } from 'vitest';
import { readFact } from '../../../src/core/fact.js';
import { freezeView, saidView } from '../../../src/features/freeze/views.js';
import { thawBegan, verdictRevised } from '../../../src/features/gate/index.js';
import { look } from '../../../src/features/gate/look.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';
import { says } from '../../helpers/telling.js';
import { ask } from './help.js';

const system = { actor: { kind: 'system', id: 'andon', name: 'Andon', zone: null } } as const;

async function factsOf(desk: Desk, type: string) {
  const rows = await desk.db.read.fact.findMany({ where: { type }, orderBy: { recordedAt: 'asc' } });
  return rows.map((row) => readFact(row as Parameters<typeof readFact>[0]));
}

async function queueOf(desk: Desk): Promise<Record<string, string>> {
  const rows = await desk.db.read.verdict.findMany();
  return Object.fromEntries(rows.map((row) => [row.key, row.queue]));
}

/** What is said in a lane’s jobs, as text. */
async function saidTexts(desk: Desk): Promise<string[]> {
  const jobs = await desk.db.read.job.findMany({ where: { kind: 'say' } });
  return jobs.map((job) => (job.payload as { message: { text: string } }).message.text);
}

async function threeHeld(desk: Desk): Promise<void> {
  await says(desk, 'ana', '/freeze on the cluster is rebuilt on:api/prod for:2h');
  for (const [i, key] of ['run-1', 'run-2', 'run-3'].entries()) {
    desk.at(`11:0${i}`);
    expect(await ask(desk, { key, title: `Deploy ${key}` })).toMatchObject({ decision: 'deny' });
  }
  expect(await ask(desk, { key: 'run-3', title: 'Deploy run-3' })).toMatchObject({
    turn: { place: 3, of: 3, at: '2026-03-10T12:47:00.000Z' },
  });
}

describe.each(engines)('on %s', (engine) => {
  test('at its end the order is told once, and each goes in its turn, a minute apart', async () => {
    const desk = await openDesk(engine);
    await threeHeld(desk);
    desk.at('12:45');
    await desk.turn();
    await desk.turn();
    const [list, ...more] = await factsOf(desk, 'ThawBegan');
    expect(more).toEqual([]);
    expect(thawBegan.read(list as never).data).toMatchObject({ freezes: [1], spacingSeconds: 60 });
    expect(
      thawBegan
        .read(list as never)
        .data.held.map((each) => [each.title, each.turnAt.toISOString().slice(11, 16)]),
    ).toEqual([
      ['Deploy run-1', '12:45'],
      ['Deploy run-2', '12:46'],
      ['Deploy run-3', '12:47'],
    ]);
    // The second one asks before its turn.
    const early = await ask(desk, { key: 'run-2', title: 'Deploy run-2' });
    expect(early).toMatchObject({ decision: 'hold', retryAfterSeconds: 60 });
    expect(early.reasons[0]?.text).toContain('its turn comes at 12:46 UTC');
    expect((await ask(desk, { key: 'run-1', title: 'Deploy run-1' })).decision).toBe('allow');
    desk.at('12:46');
    await desk.turn();
    expect((await ask(desk, { key: 'run-2', title: 'Deploy run-2' })).decision).toBe('allow');
    expect((await ask(desk, { key: 'run-3', title: 'Deploy run-3' })).decision).toBe('hold');
    desk.at('12:47');
    await desk.turn();
    expect((await ask(desk, { key: 'run-3', title: 'Deploy run-3' })).decision).toBe('allow');
    expect(await queueOf(desk)).toEqual({ 'run-1': 'gone', 'run-2': 'gone', 'run-3': 'gone' });
    const revised = (await factsOf(desk, 'VerdictRevised')).map((each) => verdictRevised.read(each).data);
    expect(revised.map((each) => [each.title, each.answer.decision])).toEqual([
      ['Deploy run-1', 'allow'],
      ['Deploy run-2', 'allow'],
      ['Deploy run-3', 'allow'],
    ]);
    const said = await saidTexts(desk);
    expect(said.filter((text) => text.includes('FRZ-1 thaws: 3 changes were held'))).toHaveLength(1);
    // Nobody owns them, and the list told when each goes.
    expect(said.filter((text) => text.includes('it is its turn'))).toEqual([]);
  });

  test('without any worker the order and the distance are kept as well', async () => {
    const desk = await openDesk(engine);
    await threeHeld(desk);
    desk.at('12:45');
    const decisions = async () => {
      const all: string[] = [];
      for (const key of ['run-3', 'run-2', 'run-1'])
        all.push((await ask(desk, { key, title: `Deploy ${key}` })).decision);
      return all;
    };
    expect(await decisions()).toEqual(['hold', 'hold', 'allow']);
    desk.at('12:46');
    expect(await decisions()).toEqual(['hold', 'allow', 'allow']);
    desk.at('12:47');
    expect(await decisions()).toEqual(['allow', 'allow', 'allow']);
  });

  test('lifted early it thaws at once; a new question goes to the end; another place does not wait', async () => {
    const desk = await openDesk(engine);
    await threeHeld(desk);
    desk.at('11:30');
    await says(desk, 'ana', '/freeze lift FRZ-1');
    await desk.turn();
    const late = await ask(desk, { key: 'run-4', title: 'Deploy run-4' });
    expect(late).toMatchObject({ decision: 'hold', turn: { at: '2026-03-10T11:33:00.000Z' } });
    expect((await ask(desk, { key: 'web', on: 'web/prod' })).decision).toBe('allow');
    expect((await ask(desk, { key: 'run-2', title: 'Deploy run-2' })).decision).toBe('hold');
  });

  test('who comes after the thaw began is no thaw of its own', async () => {
    const desk = await openDesk(engine);
    await threeHeld(desk);
    desk.at('11:30');
    await says(desk, 'ana', '/freeze lift FRZ-1');
    await desk.turn();
    expect((await ask(desk, { key: 'run-4', title: 'Deploy run-4' })).decision).toBe('hold');
    for (const time of ['11:30', '11:31', '11:32', '11:33', '11:34']) {
      desk.at(time);
      await desk.turn();
    }
    const lists = (await factsOf(desk, 'ThawBegan')).map((each) => thawBegan.read(each as never).data);
    expect(lists.map((each) => each.held.map(({ title }) => title))).toEqual([
      ['Deploy run-1', 'Deploy run-2', 'Deploy run-3'],
    ]);
  });

  test('who waits is listed in the order in which they go, and who may go now says so', async () => {
    const desk = await openDesk(engine);
    await threeHeld(desk);
    desk.at('12:45');
    await desk.turn();
    const order = async () =>
      (await says(desk, 'ana', '/freeze held'))
        .split('\n')
        .filter((each) => /^\d\./.test(each))
        .map((each) => each.replace(/^\d\. Deploy (\S+) .*?; (.*?)(?: <!date.*)?$/, '$1 $2'));
    expect(await order()).toEqual([
      'run-1 may go now, if it asks again.',
      expect.stringMatching(/^run-2 its turn:/),
      expect.stringMatching(/^run-3 its turn:/),
    ]);
    // Nobody looked in between: it is its turn all the same.
    desk.at('12:46');
    await ask(desk, { key: 'run-1', title: 'Deploy run-1' });
    desk.at('12:47');
    expect(await order()).toEqual(['run-2 its turn is now.', expect.stringMatching(/^run-3 its turn/)]);
  });

  test('the message of a freeze that is over counts who waits for their turn', async () => {
    const desk = await openDesk(engine);
    await threeHeld(desk);
    desk.at('11:30');
    await says(desk, 'ana', '/freeze lift FRZ-1');
    const read = desk.db.of(desk.workspace.id).read;
    const view = await freezeView(read, `1 ${desk.now.toISOString()}`, desk.workspace);
    expect(view?.text).toContain('3 changes wait for their turn.');
    const show = await says(desk, 'ana', '/freeze show FRZ-1');
    expect(show).toContain('Waiting for their turn:');
    expect(`${view?.text} ${show}`).not.toContain('for it to end');
  });

  test('what another freeze covers still is not said to be free; at its end the thaw is of both', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', '/freeze on the cluster is rebuilt on:api/prod for:2h');
    desk.at('11:00');
    await ask(desk);
    await says(desk, 'bob', '/freeze on the audit for:3h');
    desk.at('11:30');
    const lifted = await says(desk, 'ana', '/freeze lift FRZ-1');
    expect(lifted).toContain('FRZ-2 still freezes all production until');
    expect(lifted).not.toContain('may go now');
    await desk.turn();
    expect(await factsOf(desk, 'ThawBegan')).toEqual([]);
    desk.at('14:00');
    await desk.turn();
    const [list] = await factsOf(desk, 'ThawBegan');
    expect(thawBegan.read(list as never).data).toMatchObject({ freezes: [1, 2] });
    expect((await saidTexts(desk)).filter((text) => text.includes('FRZ-1 and FRZ-2 thaw: 1'))).toHaveLength(
      1,
    );
  });

  test.each([
    ['/freeze on the audit on:web for:3h', true],
    ['/freeze on the audit env:staging for:3h', true],
    ['/freeze on the audit on:*/prod soft for:3h', true],
    ['/freeze on the audit except:api for:3h', true],
    ['/freeze on the audit tier:staging for:3h', true],
    ['/freeze on the audit on:*/*/eks for:3h', false],
    ['/freeze on the audit env:prod for:3h', false],
  ])('`%s` beside one of api/prod: its end frees what it held, %s', async (line, free) => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', '/freeze on the cluster is rebuilt on:api/prod for:2h');
    await says(desk, 'bob', line);
    desk.at('12:45');
    await desk.turn();
    const told = await factsOf(desk, 'FreezeTold');
    const fact = told.find((each) => (each.data as { what: string }).what === 'ended');
    const read = desk.db.of(desk.workspace.id).read;
    const text = (await saidView(read, `${fact?.id} channel`, desk.workspace))?.text ?? '';
    expect(text).toContain('FRZ-1 ended');
    expect([text.includes('may change again'), text.includes('FRZ-2 still freezes')]).toEqual([free, !free]);
  });

  test('one that does not come within an hour is not waited for, and begins at the end', async () => {
    const desk = await openDesk(engine);
    await threeHeld(desk);
    for (const time of ['12:45', '12:46', '12:47', '12:48', '13:50', '13:55']) {
      desk.at(time);
      await desk.turn();
    }
    expect(await queueOf(desk)).toEqual({ 'run-1': 'left', 'run-2': 'left', 'run-3': 'left' });
    expect((await saidTexts(desk)).filter((text) => text.includes('waits no more'))).toHaveLength(3);
    expect((await ask(desk, { key: 'run-1', title: 'Deploy run-1' })).decision).toBe('allow');
  });

  test('a freeze that begins overtakes verdicts that are good still, and who got them is told', async () => {
    const desk = await openDesk(engine);
    expect((await ask(desk)).decision).toBe('allow');
    desk.at('10:46');
    await says(desk, 'ana', '/freeze on the cluster is rebuilt on:api/prod for:2h');
    await desk.turn();
    await desk.turn();
    const revised = (await factsOf(desk, 'VerdictRevised')).map((each) => verdictRevised.read(each).data);
    expect(revised.map((each) => [each.from, each.answer.decision])).toEqual([['allow', 'deny']]);
    const [text] = (await saidTexts(desk)).filter((each) => each.includes('was allowed at'));
    expect(text).toContain('is denied now');
    expect(text).toContain('If it has not started, stop it.');
    expect((await ask(desk)).decision).toBe('deny');
  });

  test('one whose turn came and that did not ask was let go nowhere: frozen again it waits on, without an alarm', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'bob', '/change announce Deploy the shop kind:deploy on:shop/prod');
    await says(desk, 'ana', '/freeze on the cluster is rebuilt env:prod for:2h');
    await ask(desk, { key: 'p', on: 'page/prod', title: 'Page 4' });
    desk.at('10:46');
    await ask(desk, { key: 's', change: 1, on: 'shop/prod', title: 'Shop 4' });
    desk.at('10:50');
    await says(desk, 'ana', '/freeze lift FRZ-1');
    await desk.turn();
    desk.at('10:51');
    await desk.turn();
    desk.at('10:52');
    await says(desk, 'ana', '/freeze on it is worse than we thought env:prod for:1h');
    await desk.turn();
    await desk.turn();
    const said = await saidTexts(desk);
    expect(said.filter((text) => text.includes('stop it'))).toEqual([]);
    expect(said.filter((text) => text.includes('Shop 4 waits again'))).toHaveLength(1);
    expect(said.filter((text) => text.includes('Page 4 waits again'))).toEqual([]);
    expect(await queueOf(desk)).toEqual({ p: 'waiting', s: 'waiting' });
    const again = await ask(desk, { key: 'p', on: 'page/prod', title: 'Page 4' });
    expect(again).toMatchObject({ decision: 'deny', turn: { place: 1, of: 2 } });
  });

  test('who waits is listed; one can be taken out; the spacing is the team’s', async () => {
    const desk = await openDesk(engine);
    expect(await says(desk, 'ana', '/freeze held')).toContain('Nothing waits');
    await threeHeld(desk);
    const held = await says(desk, 'ana', '/freeze held');
    expect(held).toContain('3 changes wait');
    expect(held).toMatch(/Deploy run-1 \(run-1\) on api\/prod, held by FRZ-1 since/);
    expect(await says(desk, 'bob', '/freeze drop run-2')).toContain('waits no more');
    expect((await desk.say('bob', '/freeze drop run-2')).accepted).toBe(false);
    expect(await says(desk, 'ana', '/freeze spacing')).toContain('every 60 seconds');
    expect(await says(desk, 'ana', '/freeze spacing 2m')).toContain('every 120 seconds');
    desk.at('12:45');
    expect(await ask(desk, { key: 'run-3', title: 'Deploy run-3' })).toMatchObject({
      turn: { place: 2, of: 2, at: '2026-03-10T12:47:00.000Z' },
    });
  });

  test('the owner of a change hears that its turn is there, and that somebody took it out', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'bob', '/change announce Deploy the shop kind:deploy on:shop/prod');
    await says(desk, 'bob', '/change announce Deploy the page kind:deploy on:page/prod');
    await says(desk, 'ana', '/freeze on the cluster is rebuilt env:prod for:2h');
    await ask(desk, { key: 's', change: 1, on: 'shop/prod', title: 'Shop 4' });
    await ask(desk, { key: 'p', change: 2, on: 'page/prod', title: 'Page 4' });
    await says(desk, 'eve', '/freeze drop CHG-2');
    await says(desk, 'ana', '/freeze lift FRZ-1');
    await desk.turn();
    const jobs = await desk.db.read.job.findMany({ where: { kind: 'say' } });
    const toBob = jobs
      .map((job) => job.payload as { destination: { userId?: string }; message: { text: string } })
      .filter((each) => each.destination.userId === 'U0BOB')
      .map((each) => each.message.text);
    expect(toBob.filter((text) => text.includes('Shop 4 may start now: it is its turn'))).toHaveLength(1);
    expect(toBob.filter((text) => text.includes('took Page 4 out of those that wait'))).toHaveLength(1);
  });

  test('two replicas look at once: the list is told once, and one goes', async () => {
    const desk = await openDesk(engine);
    await threeHeld(desk);
    desk.at('12:45');
    const looks = [1, 2, 3].map(() => desk.execute(look.given({}), desk.ask('ana', system)));
    await Promise.all(looks);
    expect(await factsOf(desk, 'ThawBegan')).toHaveLength(1);
    expect(await factsOf(desk, 'VerdictRevised')).toHaveLength(1);
  });

  test('what is told where it waits goes in its turn by itself, and does not lapse', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', '/freeze on the cluster is rebuilt on:api/prod for:2h');
    const callback = { kind: 'github' };
    await ask(desk, { key: 'job-1', title: 'Job 1', callback });
    desk.at('10:46');
    await ask(desk, { key: 'job-2', title: 'Job 2', callback });
    for (const time of ['12:45', '12:46', '12:47']) {
      desk.at(time);
      await desk.turn();
    }
    expect(await queueOf(desk)).toEqual({ 'job-1': 'gone', 'job-2': 'gone' });
    const revised = (await factsOf(desk, 'VerdictRevised')).map((each) => verdictRevised.read(each));
    expect(
      revised.map(({ data, recordedAt }) => [
        data.title,
        data.callback,
        recordedAt.toISOString().slice(11, 16),
      ]),
    ).toEqual([
      ['Job 1', callback, '12:45'],
      ['Job 2', callback, '12:46'],
    ]);
  });

  test('an exception lets what is told where it waits go without being asked again, and is used once', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'ana', '/freeze on the cluster is rebuilt on:api/prod for:2h');
    await ask(desk, { callback: { kind: 'github' } });
    await says(desk, 'bob', '/freeze except FRZ-1 change:run-1 on:api/prod the login fix must go out now');
    await says(desk, 'ana', '/freeze approve EXC-1');
    await desk.turn();
    expect(
      (await factsOf(desk, 'VerdictRevised')).map((each) => verdictRevised.read(each).data),
    ).toMatchObject([{ from: 'deny', answer: { decision: 'allow', exceptionId: 'EXC-1' } }]);
    expect(await factsOf(desk, 'ExceptionUsed')).toHaveLength(1);
    expect(await queueOf(desk)).toEqual({ 'run-1': 'gone' });
  });

  test('a change that is cancelled waits no more; a conflict keeps one at its turn, and the next goes', async () => {
    const desk = await openDesk(engine);
    await says(desk, 'bob', '/change announce Deploy api kind:deploy on:api/prod');
    await says(desk, 'bob', '/change announce Move the vault kind:migration on:vault/prod for:2h');
    await says(desk, 'ana', '/freeze on the cluster is rebuilt env:prod for:2h');
    expect((await ask(desk, { change: 1 })).decision).toBe('deny');
    desk.at('10:46');
    expect((await ask(desk, { key: 'vault', on: 'vault/prod' })).decision).toBe('deny');
    desk.at('10:47');
    expect((await ask(desk, { key: 'web', on: 'web/prod' })).decision).toBe('deny');
    await says(desk, 'bob', '/change cancel CHG-1');
    await desk.turn();
    expect(await queueOf(desk)).toEqual({ 'run-1': 'left', vault: 'waiting', web: 'waiting' });
    desk.at('12:45');
    await says(desk, 'bob', '/change start CHG-2');
    const held = await ask(desk, { key: 'vault', on: 'vault/prod' });
    expect(held.reasons).toContainEqual(expect.objectContaining({ id: 'CHG-2', decision: 'hold' }));
    desk.at('12:46');
    expect((await ask(desk, { key: 'web', on: 'web/prod' })).decision).toBe('allow');
    desk.at('12:50');
    await says(desk, 'bob', '/change fail CHG-2 the vault is sealed');
    desk.at('12:51');
    expect((await ask(desk, { key: 'vault', on: 'vault/prod' })).decision).toMatch(/allow|warn/);
  });
});
