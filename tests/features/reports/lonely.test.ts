// Reports that are few and slow: nobody’s silence is taken for somebody who looks.
import { describe, expect, test, vi } from 'vitest';
import { rebuild } from '../../../src/db/rebuild.js';
import { projectFacts } from '../../../src/execute.js';
import { features } from '../../../src/features/index.js';
import { gatheringView } from '../../../src/features/reports/views.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, dump, openDesk, stateTables } from '../../helpers/desk.js';
import { refused, says, until } from '../../helpers/telling.js';

vi.setConfig({ testTimeout: 60_000 });

const minute = (desk: Desk, count: number) =>
  until(desk, new Date(desk.now.getTime() + count * 60_000).toISOString());

/** The questions that there are, as they read now, in the order in which they were first asked. */
async function questions(desk: Desk): Promise<string[]> {
  const facts = await desk.db.read.fact.findMany({
    where: { type: 'ReportsGathered' },
    orderBy: { recordedAt: 'asc' },
  });
  const texts: string[] = [];
  for (const fact of facts) {
    const { id } = fact.data as { id: string };
    texts.push((await gatheringView(desk.db.read, id, desk.workspace))?.text ?? '');
  }
  return texts;
}

/** What was said to somebody, in messages of their own. */
async function saidTo(desk: Desk, userId: string): Promise<string[]> {
  const jobs = await desk.db.read.job.findMany({ where: { kind: 'say' }, orderBy: { id: 'asc' } });
  return jobs.flatMap(({ payload }) => {
    const { destination, message } = payload as unknown as {
      destination: { userId?: string };
      message: { text: string };
    };
    return destination.userId === userId ? [message.text] : [];
  });
}

async function opened(engine: (typeof engines)[number]): Promise<Desk> {
  const desk = await openDesk(engine);
  await says(desk, 'ana', '/change service ingress owner:@ana on:prod/eks');
  await says(desk, 'ana', '/change service auth owner:@bob on:prod/eks needs:ingress');
  return desk;
}

for (const engine of engines) {
  describe(engine, () => {
    test('four in an hour about one service are one question, which names what changes there', async () => {
      const desk = await opened(engine);
      await says(
        desk,
        'ana',
        '/change announce ingress-nginx 1.14.3 kind:upgrade on:ingress/prod begun cover:@eve',
      );
      await says(desk, 'ana', '/change done CHG-1');
      await says(desk, 'eve', '/report I cannot log in on:auth/prod');
      await minute(desk, 16);
      expect(await says(desk, 'ana', '/report I cannot log in either on:auth/prod')).toMatch(
        /1 other person reported this too\.\s+Bob is asked whether it is an incident/,
      );
      const [question] = await questions(desk);
      expect(question).toContain('2 people reported trouble within 16 min. All speak of auth.');
      expect(question).toMatch(
        /Under way there: \*?CHG-1\*? ingress-nginx 1\.14\.3, an upgrade, \*?validating/,
      );
      expect(question).toMatch(/I ask again .* 10 min later somebody is paged/);
    });

    test('one report goes to nobody at first, and says so; then whoever is on call is shown it, once', async () => {
      const desk = await opened(engine);
      const said = await says(desk, 'eve', '/report I cannot log in on:auth/prod');
      expect(said).toContain('Nobody has been told yet');
      expect(said).toContain('shown to Bob in 30 min');
      expect(said).toContain('/incident page auth');
      expect(said).toContain('/incident declare WHAT on:auth/prod');
      expect(await questions(desk)).toEqual([]);
      await minute(desk, 31);
      const [question] = await questions(desk);
      expect(question).toContain('REP-1, reported 30 min before this, alone so far');
      expect(question).toContain('/report declare REP-1');
      expect(await says(desk, 'eve', '/report still not on:auth/prod')).toContain('added to REP-1');
      await minute(desk, 240);
      expect(await questions(desk)).toHaveLength(1);
      expect(await desk.db.read.page.count()).toBe(0);
      expect(await says(desk, 'bob', '/report dismiss REP-1')).toContain('no incident');
    });

    test('a second person makes a question of what stood alone, and the first message says so', async () => {
      const desk = await opened(engine);
      await says(desk, 'eve', '/report I cannot log in on:auth/prod');
      await minute(desk, 31);
      await says(desk, 'ana', '/report me neither on:auth/prod');
      const [alone, several] = await questions(desk);
      expect(alone).toContain('REP-1 stands alone no longer');
      expect(several).toContain('2 people reported trouble within 31 min');
      await minute(desk, 21);
      expect(await desk.db.read.page.count()).toBe(1);
      await says(desk, 'bob', '/report declare REP-1');
      expect(await desk.db.read.report.count({ where: { incidentId: null } })).toBe(0);
      const state = await dump(desk.db, stateTables);
      await rebuild(desk.db, features, projectFacts);
      expect(await dump(desk.db, stateTables)).toEqual(state);
    });

    test('what nobody took up joins the incident that is open by then; what is of no known service is shown to nobody', async () => {
      const desk = await opened(engine);
      await says(desk, 'eve', '/report I cannot log in on:auth/prod');
      await says(desk, 'eve', '/report it is odd on:nosuch');
      await minute(desk, 5);
      await says(desk, 'bob', 'declare no login on:auth/prod');
      await minute(desk, 40);
      expect(await questions(desk)).toEqual([]);
      expect(await desk.db.read.report.findFirstOrThrow({ where: { number: 1 } })).toMatchObject({
        incidentId: expect.any(String),
      });
    });

    test('an open question takes in what comes later; its authors hear who was asked, and that somebody is called', async () => {
      const desk = await opened(engine);
      await says(desk, 'eve', '/report no login on:auth/prod');
      await says(desk, 'ana', '/report no login here on:auth/prod');
      await minute(desk, 16);
      expect(await says(desk, 'bob', '/report still no login on:auth/prod')).toContain(
        'Others reported this too; Bob has been asked.',
      );
      const [question] = await questions(desk);
      expect(question).toContain('Nobody has said yet: 3 people');
      expect(question).toMatch(/With no answer whoever is on call is paged /);
      await minute(desk, 6);
      expect((await questions(desk))[0]).toContain('Whoever is on call was paged for it');
      expect(await says(desk, 'bob', '/report and still on:auth/prod')).toContain('is being called');
      await says(desk, 'bob', 'ack PAGE-1');
      expect(await says(desk, 'eve', '/report hello? on:auth/prod')).toContain('Bob has the page');
      expect(await questions(desk)).toHaveLength(1);
      await says(desk, 'bob', '/report declare REP-1');
      expect(await desk.db.read.report.count({ where: { incidentId: null } })).toBe(0);
    });

    test('what is counted is listed, and goes along', async () => {
      const desk = await opened(engine);
      await says(desk, 'eve', '/report I cannot save my profile');
      await says(desk, 'bob', '/report the pages are slow on:ingress/prod');
      const said = await says(desk, 'ana', '/report no login on:auth/prod');
      expect(said).toContain('2 other people reported this too');
      const [question] = await questions(desk);
      for (const text of ['3 people', 'REP-1', 'REP-2', 'REP-3']) expect(question).toContain(text);
      expect(await says(desk, 'bob', '/report declare REP-2')).toContain('INC-1');
      const incident = await desk.db.read.incident.findFirstOrThrow();
      expect(incident.title).toBe('ingress: the pages are slow');
      expect(await desk.db.read.report.count({ where: { incidentId: incident.id } })).toBe(3);
    });

    test('whoever was asked is told when somebody else answers, and can still say otherwise', async () => {
      const desk = await opened(engine);
      await says(desk, 'eve', '/report no login on:auth/prod');
      await says(desk, 'ana', '/report no login here on:auth/prod');
      await says(desk, 'eve', '/report dismiss REP-1');
      expect(await saidTo(desk, 'U0BOB')).toEqual([
        expect.stringMatching(/Eve dismissed REP-1 and those with it.*\/report declare REP-1/),
      ]);
      await refused(desk, 'ana', '/report dismiss REP-2');
      expect(await says(desk, 'bob', '/report declare REP-1')).toContain('INC-1');
      expect(await saidTo(desk, 'U0BOB')).toHaveLength(1);
      expect((await questions(desk))[0]).toContain('Bob says: INC-1');
      expect(await refused(desk, 'eve', '/report declare REP-1')).toContain('Bob');
    });

    test('whoever reported it sees that it was taken up by what they may not see', async () => {
      const desk = await opened(engine);
      await says(desk, 'ana', 'declare the keys leaked private');
      await says(desk, 'eve', '/report odd logins on:auth/prod');
      await says(desk, 'ana', '/report belongs REP-1 INC-1');
      const { text } = await desk.say('eve', '/report list');
      expect(text).toContain('odd logins — taken up');
      expect(text).not.toContain('INC-');
      expect((await desk.say('bob', '/report list')).text).not.toContain('REP-1');
      expect((await desk.say('ana', '/report list')).text).toContain('INC-1');
    });

    test('the window runs by when it was reported, and a row says both where they differ', async () => {
      const desk = await opened(engine);
      await says(desk, 'eve', '/report no login');
      await minute(desk, 5);
      const said = await says(desk, 'ana', '/report cannot log in at:20m ago');
      expect(said).toContain('1 other person reported something in the last 15 min');
      await says(desk, 'bob', '/report me neither at:2m ago');
      const [question] = await questions(desk);
      expect(question).toContain('3 people reported trouble within 15 min');
      expect(question).toMatch(/REP-2\*? since .*10:30.*, reported .*10:50.* by Ana/);
      expect(question).not.toMatch(/REP-3\*? since/);
    });

    test('what names no known service names what is open', async () => {
      const desk = await opened(engine);
      await says(desk, 'bob', 'declare the keys leaked sev:2 private');
      await says(desk, 'bob', 'declare writes are stuck sev:2 on:db/prod');
      const said = await says(desk, 'eve', '/report saving hangs');
      expect(said).toContain('Open: INC-2 writes are stuck. Is it that? ');
      expect(said).toContain('/report belongs REP-1 INC-2');
      expect(said).not.toContain('INC-1');
      expect(said).not.toContain('/report TEXT');
      expect(await says(desk, 'eve', '/report belongs REP-1 INC-2')).toContain('REP-1 is on INC-2');
      expect(await says(desk, 'eve', '/report no login on:auth/prod')).not.toContain('Open:');
    });
  });
}
