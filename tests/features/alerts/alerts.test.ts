// Alerts: one opens an incident, others join it, repeats change nothing, and people say when it is over.
import { describe, expect, test, vi } from 'vitest';
import { rebuild } from '../../../src/db/rebuild.js';
import { projectFacts } from '../../../src/execute.js';
import { alertsLeftView } from '../../../src/features/alerts/views.js';
import { features } from '../../../src/features/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, dump, openDesk, stateTables } from '../../helpers/desk.js';
import { says } from '../../helpers/telling.js';
import { at, deliver, heard } from './help.js';

vi.setConfig({ testTimeout: 60_000 });

const incidents = (desk: Desk) => desk.db.read.incident.findMany({ orderBy: { number: 'asc' } });
const entries = async (desk: Desk, number = 1) => {
  const { id } = await desk.db.read.incident.findFirstOrThrow({ where: { number } });
  const rows = await desk.db.read.entry.findMany({ where: { incidentId: id }, orderBy: { seq: 'asc' } });
  return rows.map((row) => row.text);
};

for (const engine of engines) {
  describe(engine, () => {
    test('one that fires opens an incident, at its own time and on its component', async () => {
      const desk = await openDesk(engine);
      const fired = heard({ severity: 'critical', cluster: 'eu-1', startsAt: at('10:31') });
      expect(await deliver(desk, [fired])).toContain('INC-1 is opened');
      const [incident] = await incidents(desk);
      expect(incident).toMatchObject({
        ...{ number: 1, title: '5xx above 5 %', severity: 'SEV2', private: false, drill: false },
        ...{ declaredByName: 'alertmanager-api', startedAt: at('10:31'), detectedAt: at('10:31') },
      });
      expect(await desk.db.read.impact.findMany()).toMatchObject([
        { service: 'api', environment: 'prod', cluster: 'eu-1', level: 'partial_outage' },
      ]);
      const row = await desk.db.read.alert.findFirstOrThrow();
      expect(row).toMatchObject({ source: 'alertmanager-api', state: 'firing', incidentId: incident?.id });
      expect(await entries(desk)).toContain('Alert fires: 5xx above 5 % (api/prod/eu-1)');
    });

    test('a critical one calls whoever is on call for its service, a warning nobody', async () => {
      const desk = await openDesk(engine);
      await deliver(desk, [heard({ severity: 'warning' })]);
      await desk.turn();
      expect(await desk.db.read.page.count()).toBe(0);
      // On the incident that nobody has acknowledged yet.
      await deliver(desk, [heard({ fingerprint: 'f2', severity: 'page', title: 'the disk is full' })]);
      await deliver(desk, [heard({ fingerprint: 'f3', severity: 'page' })]);
      await desk.turn();
      const pages = await desk.db.read.page.findMany();
      expect(pages).toMatchObject([
        { targetKind: 'service', targetName: 'api', cause: 'alert', state: 'ringing' },
      ]);
      // The incident has another alert's title.
      expect(pages[0]?.reason).toBe('a critical alert on api/prod: the disk is full');
      expect(await incidents(desk)).toHaveLength(1);
    });

    test('it joins where its fingerprint, its group or its component is, and nothing else', async () => {
      const desk = await openDesk(engine);
      await deliver(desk, [heard({ groupKey: 'g', startsAt: at('10:00') })]);
      await deliver(desk, [heard({ status: 'resolved', startsAt: at('10:00'), endsAt: at('10:10') })]);
      await deliver(desk, [heard({ startsAt: at('10:20') })]);
      await deliver(desk, [heard({ fingerprint: 'f2', service: 'web', groupKey: 'g' })]);
      await deliver(desk, [heard({ fingerprint: 'f3', environment: 'production' })]);
      expect(await incidents(desk)).toHaveLength(1);
      await deliver(desk, [heard({ fingerprint: 'f4', environment: 'staging' })]);
      await deliver(desk, [heard({ fingerprint: 'f5', service: 'db' })]);
      await deliver(desk, [heard({ fingerprint: 'f6', service: '' })]);
      expect(await incidents(desk)).toHaveLength(4);
    });

    test('after its incident is resolved it opens another one; merged, it goes on in the other', async () => {
      const desk = await openDesk(engine);
      await deliver(desk, [heard({ startsAt: at('10:00') })]);
      await desk.say('ana', 'declare all is slow');
      await desk.say('ana', 'merge INC-1 INC-2');
      await deliver(desk, [heard({ startsAt: at('10:10') })]);
      expect(await entries(desk, 2)).toContain('Alert fires: 5xx above 5 % (api/prod)');
      await desk.say('ana', 'resolve INC-2');
      await deliver(desk, [heard({ startsAt: at('10:20') })]);
      expect(await incidents(desk)).toHaveLength(3);
    });

    test('repeats, replays and what comes late state nothing', async () => {
      const desk = await openDesk(engine);
      const first = heard({ startsAt: at('10:00') });
      const over = heard({ status: 'resolved', startsAt: at('10:00'), endsAt: at('10:05') });
      await deliver(desk, [over]);
      expect(await deliver(desk, [first])).toContain('0 of them news');
      await deliver(desk, [over]);
      expect(await incidents(desk)).toEqual([]);
      expect(await desk.db.read.fact.count()).toBe(1);
    });

    test('several at once open one incident; of a storm few are entries, and all are kept', async () => {
      const desk = await openDesk(engine);
      const storm = Array.from({ length: 200 }, (_, index) =>
        heard({ fingerprint: `f${index}`, service: `svc-${index % 20}`, groupKey: 'g' }),
      );
      await deliver(desk, storm, { title: 'The network is down', truncated: 7 });
      const [incident, ...others] = await incidents(desk);
      expect(others).toEqual([]);
      expect(incident?.title).toBe('The network is down (200 alerts)');
      const said = await entries(desk);
      expect(said.length).toBeLessThan(15);
      expect(said).toContainEqual(
        expect.stringMatching(/200 alerts fired; 190 .*\/incident alerts; the sender left 7 more out/),
      );
      expect(await desk.db.read.alert.count({ where: { incidentId: incident?.id ?? '' } })).toBe(200);
      expect((await desk.say('bob', 'alerts INC-1')).text.split('\n').length).toBeLessThanOrEqual(12);
    });

    test('two deliveries at once open one incident', async () => {
      const desk = await openDesk(engine);
      await Promise.all(
        ['f1', 'f2', 'f3', 'f4'].map((fingerprint) => deliver(desk, [heard({ fingerprint })])),
      );
      expect(await incidents(desk)).toHaveLength(1);
      expect(await desk.db.read.alert.count()).toBe(4);
    });

    test('info is listed and makes no incident', async () => {
      const desk = await openDesk(engine);
      await deliver(desk, [heard({ severity: 'info' })]);
      expect(await incidents(desk)).toEqual([]);
      expect(await desk.db.read.alert.findMany()).toMatchObject([{ state: 'firing', incidentId: null }]);
    });

    test('it joins no drill, and no private incident of its component: others would not hear of it', async () => {
      const desk = await openDesk(engine);
      await desk.say('ana', 'declare practice on:api/prod drill');
      await desk.say('ana', 'declare the keys leaked on:api/prod private');
      expect(await deliver(desk, [heard()])).toContain('INC-3 is opened');
      // Merged into a private one, it goes on there, and the sender is told nothing of that.
      await desk.say('ana', 'declare it is worse private');
      await desk.db.write((tx) => tx.incident.updateMany({ where: { number: 3 }, data: { private: true } }));
      const answer = await deliver(desk, [heard({ status: 'resolved' })]);
      expect(answer).toContain('Recorded');
      expect(answer).not.toContain('INC-');
    });

    test('what flaps is one entry, not fifty, and is kept all the same', async () => {
      const desk = await openDesk(engine);
      for (let minute = 0; minute < 24; minute += 1) {
        desk.now = new Date(at('10:45').getTime() + minute * 60_000);
        await deliver(desk, [
          minute % 2 === 0
            ? heard({ startsAt: desk.now })
            : heard({ status: 'resolved', startsAt: desk.now, endsAt: desk.now }),
        ]);
      }
      const said = await entries(desk);
      expect(said.filter((text) => text.startsWith('Alert flaps'))).toHaveLength(1);
      expect(said.filter((text) => text.startsWith('Alert '))).toHaveLength(4);
      expect(await desk.db.read.alert.findFirstOrThrow()).toMatchObject({
        state: 'resolved',
        endsAt: desk.now,
      });
    });

    test('all quiet is said once, and resolves nothing', async () => {
      const desk = await openDesk(engine);
      await deliver(desk, [
        heard({ startsAt: at('10:40') }),
        heard({ fingerprint: 'f2', startsAt: at('10:41') }),
      ]);
      desk.at('10:50');
      await deliver(desk, [heard({ status: 'resolved', endsAt: at('10:49') })]);
      desk.at('10:55');
      await desk.turn();
      expect((await entries(desk)).join()).not.toContain('quiet,');
      await deliver(desk, [heard({ fingerprint: 'f2', status: 'resolved', endsAt: at('10:54') })]);
      desk.at('10:58');
      await desk.turn();
      expect((await entries(desk)).filter((text) => text === 'All 2 alerts are quiet')).toHaveLength(1);
      const [incident] = await incidents(desk);
      expect(incident).toMatchObject({ status: 'investigating', mitigatedAt: null });
      const jobs = await desk.db.read.job.findMany({ where: { kind: 'say' } });
      const asked = jobs.find((job) => JSON.stringify(job.payload).includes('mitigated'));
      const command =
        /"value":"(\/incident mitigated [^"]+)"/.exec(JSON.stringify(asked?.payload))?.[1] ?? '';
      const said = await desk.say('ana', command);
      expect(said.accepted, said.text).toBe(true);
      expect((await incidents(desk))[0]?.mitigatedAt).toEqual(at('10:54'));
    });

    test('it fires again before all was quiet for long: nothing is said', async () => {
      const desk = await openDesk(engine);
      await deliver(desk, [heard({ startsAt: at('10:40') })]);
      await deliver(desk, [heard({ status: 'resolved', endsAt: at('10:44') })]);
      await deliver(desk, [heard({ startsAt: at('10:45') })]);
      desk.at('11:00');
      await desk.turn();
      expect((await entries(desk)).join()).not.toContain('Its alert is quiet');
    });

    test('a redaction takes its words from the record and the row, whichever entry is named', async () => {
      const desk = await openDesk(engine);
      await deliver(desk, [heard({ title: 'secret-host is down', startsAt: at('10:40') })]);
      await deliver(desk, [heard({ title: 'secret-host is down', status: 'resolved', endsAt: at('10:44') })]);
      const { seq } = await desk.db.read.entry.findFirstOrThrow({ where: { text: { contains: 'fires' } } });
      for (const number of [seq, 1]) {
        const said = await desk.say('ana', `redact INC-1 ${number} a host`);
        expect(said.accepted, said.text).toBe(true);
      }
      for (const rows of Object.values(await dump(desk.db, ['fact', 'alert', 'entry', 'incident'])))
        expect(rows.join()).not.toContain('secret-host');
      const state = await dump(desk.db, stateTables);
      await rebuild(desk.db, features, projectFacts);
      expect(await dump(desk.db, stateTables)).toEqual(state);
    });

    test('what was redacted of an alert stays so on its incident, its address too', async () => {
      const desk = await openDesk(engine);
      const secret = { title: 'secret-host is down', url: 'https://secret-host/graph' };
      await deliver(desk, [heard({ ...secret, startsAt: at('10:40') })]);
      const { seq } = await desk.db.read.entry.findFirstOrThrow({ where: { text: { contains: 'fires' } } });
      const said = await desk.say('ana', `redact INC-1 ${seq} a host`);
      expect(said.text).toContain('INC-1’s title has the same words: /incident redact INC-1 #1 REASON');
      expect((await desk.say('ana', 'redact INC-1 1 a host')).text).not.toContain('the same words');
      await deliver(desk, [heard({ ...secret, status: 'resolved', endsAt: at('10:44') })]);
      await deliver(desk, [heard({ ...secret, startsAt: at('10:45') })]);
      await deliver(desk, [heard({ ...secret, status: 'resolved', endsAt: at('10:46') })]);
      for (const rows of Object.values(await dump(desk.db))) expect(rows.join()).not.toContain('secret-host');
      expect(await entries(desk)).toContain('An alert, whose words were redacted, is quiet');
      await desk.say('ana', 'resolve INC-1');
      await deliver(desk, [heard({ ...secret, startsAt: at('10:47') })]);
      expect((await incidents(desk))[1]).toMatchObject({ title: 'secret-host is down' });
    });

    test('of alerts of several teams each team is called, and whoever is called already is not called again', async () => {
      const desk = await openDesk(engine);
      await says(desk, 'ana', '/change service api owner:<@U0BOB|Bob>');
      await says(desk, 'ana', '/change service db owner:<@U0ANA|Ana>');
      const critical = (fingerprint: string, service: string, over = {}) =>
        heard({ fingerprint, service, severity: 'critical', groupKey: 'g', ...over });
      await deliver(desk, [
        critical('f1', ''),
        critical('f2', 'api'),
        critical('f3', 'db'),
        critical('f4', 'API', { environment: 'staging' }),
        ...Array.from({ length: 20 }, (_, index) => critical(`u${index}`, `unknown-${index}`)),
      ]);
      await desk.turn();
      const pages = async () => {
        const rows = await desk.db.read.page.findMany({ orderBy: { number: 'asc' } });
        return rows.map((row) => `${row.targetName} ${row.state}`);
      };
      // Asked for at once, in whichever order they are made.
      expect((await pages()).sort()).toEqual(['api ringing', 'db ringing', 'whoever is on call ringing']);
      await desk.say('bob', 'ack INC-1');
      await says(desk, 'ana', '/change service mail owner:<@U0EVE|Eve>');
      await deliver(desk, [critical('f5', 'api'), critical('f6', 'mail')]);
      await desk.turn();
      expect((await pages()).slice(3)).toEqual(['mail ringing']);
      expect(await incidents(desk)).toHaveLength(1);
    });

    test('a severity that rises is news, and calls; what does not rise is none', async () => {
      const desk = await openDesk(engine);
      await deliver(desk, [heard({ severity: 'info' })]);
      expect(await deliver(desk, [heard({ severity: 'debug' })])).toContain('0 of them news');
      await deliver(desk, [heard({ severity: 'warning' })]);
      expect(await incidents(desk)).toMatchObject([{ severity: 'SEV3' }]);
      expect(await deliver(desk, [heard({ severity: 'critical' })])).toContain('1 of them news');
      await desk.turn();
      expect(await desk.db.read.page.count({ where: { state: 'ringing' } })).toBe(1);
      expect(await entries(desk)).toContain('Alert is critical now: 5xx above 5 % (api/prod)');
      expect(await deliver(desk, [heard({ severity: 'warning' })])).toContain('0 of them news');
      expect((await incidents(desk))[0]).toMatchObject({ severity: 'SEV3' });
    });

    test('where an incident ends, what still fires is named; half an hour later it is said once, and calls once', async () => {
      const desk = await openDesk(engine);
      await deliver(desk, [
        heard({ severity: 'critical' }),
        heard({ fingerprint: 'f2', severity: 'warning' }),
      ]);
      await desk.turn();
      desk.at('11:00');
      await desk.say('ana', 'resolve INC-1');
      await desk.turn();
      const { id } = (await incidents(desk))[0] ?? { id: '' };
      const left = await alertsLeftView(desk.db.read, id, desk.workspace);
      expect(left?.text).toContain('2 alerts still fire: “5xx above 5 %”');
      const repeat = heard({ severity: 'critical' });
      desk.at('11:20');
      await deliver(desk, [repeat]);
      expect(await desk.db.read.page.count({ where: { state: 'ringing' } })).toBe(0);
      desk.at('14:00');
      for (let i = 0; i < 3; i += 1) {
        await deliver(desk, [repeat, heard({ fingerprint: 'f2' })]);
        await desk.turn();
      }
      const said = (await entries(desk)).filter((text) => /^\d+ alerts still/.test(text));
      expect(said).toEqual(['2 alerts still fire on api/prod']);
      const [page, ...more] = await desk.db.read.page.findMany({ where: { state: 'ringing' } });
      expect(more).toEqual([]);
      expect(page?.reason).toBe(
        '2 alerts on api/prod still fire, 3h after INC-1 was resolved. If it is not over: /incident reopen INC-1 REASON',
      );
      expect(await incidents(desk)).toHaveLength(1);
    });

    test('alerts of what was merged are shown with the incident that goes on, which is asked when all is quiet', async () => {
      const desk = await openDesk(engine);
      await deliver(desk, [heard({ startsAt: at('10:00') })]);
      for (const line of [
        'declare all is slow',
        'declare it is worse',
        'merge INC-1 INC-2',
        'merge INC-2 INC-3',
      ])
        expect((await desk.say('ana', line)).accepted, line).toBe(true);
      expect((await desk.say('bob', 'alerts INC-3')).text).toContain('5xx above 5 %');
      await deliver(desk, [heard({ status: 'resolved', endsAt: at('10:29') })]);
      desk.at('11:00');
      await desk.turn();
      expect(await entries(desk, 3)).toContain('Its alert is quiet');
    });

    test('the query lists them, and nobody learns of those of a private incident', async () => {
      const desk = await openDesk(engine);
      await deliver(desk, [heard({ title: 'look <!channel> *here*', url: 'https://example.com/graph' })]);
      const said = await desk.say('bob', 'alerts INC-1');
      expect(said.text).toContain('look &lt;!channel&gt; *here*');
      await desk.db.write((tx) => tx.incident.updateMany({ data: { private: true } }));
      expect((await desk.say('bob', 'alerts INC-1')).text).toContain('There is no INC-1');
    });
  });
}
