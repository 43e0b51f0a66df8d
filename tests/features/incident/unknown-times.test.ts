// A time that nobody knows stays unknown wherever it is shown; what is known is the order in which it was told.
import { describe, expect, test } from 'vitest';
import { readRecord, renderRecord } from '../../../src/features/postmortem/index.js';
import { engines } from '../../helpers/databases.js';
import { type Desk, openDesk } from '../../helpers/desk.js';

async function told(desk: Desk, ...lines: string[]) {
  for (const line of lines) {
    const answer = await desk.say('ana', line);
    expect(answer.accepted, answer.text).toBe(true);
    desk.now = new Date(desk.now.getTime() + 5 * 60_000);
  }
  const incident = await desk.db.read.incident.findFirstOrThrow({ where: { number: 1 } });
  return readRecord(desk.db.of(desk.workspace.id).read, incident.id, desk.workspace);
}

describe.each(engines)('on %s', (engine) => {
  test('of a resolution: what it ended has no known end, and goes on when it is reopened', async () => {
    const desk = await openDesk(engine);
    const record = await told(desk, 'declare it is down on:api/prod', 'resolve INC-1 at:TBC');
    expect(record).toMatchObject({ status: 'resolved', resolvedAt: null });
    expect(record.components).toMatchObject([{ from: '2026-03-10T10:45:00.000Z', until: null }]);
    expect(await desk.db.read.impact.count({ where: { until: null } })).toBe(0);
    await told(desk, 'reopen INC-1 errors are back');
    expect(await desk.db.read.impact.findFirstOrThrow()).toMatchObject({ until: null, untilUnknown: false });
  });

  test('of an impact, its end, and the start of the incident', async () => {
    const desk = await openDesk(engine);
    const { components } = await told(
      desk,
      'declare it is down on:api/prod started:unknown',
      'affects INC-1 web/prod degraded at:TBC',
      'affects INC-1 api/prod operational at:TBC',
    );
    expect(components).toEqual([
      { component: 'api/prod', level: 'partial_outage', from: null, until: null },
      { component: 'web/prod', level: 'degraded', from: null, until: null },
    ]);
    expect(await desk.db.read.impact.findMany({ where: { until: null } })).toMatchObject([
      { service: 'web' },
    ]);
  });

  test('of a role: who held it before has no known end, and is not shown as holding it still', async () => {
    const desk = await openDesk(engine);
    const record = await told(
      desk,
      'declare it is down',
      'role INC-1 commander @ana',
      'role INC-1 commander @bob at:TBC',
    );
    expect(record.roles).toMatchObject([
      { user: { name: 'Ana' }, from: '2026-03-10T10:50:00.000Z', until: null },
      { user: { name: 'Bob' }, from: null, until: null },
    ]);
    expect(await desk.db.read.roleHolding.findMany({ where: { until: null } })).toMatchObject([
      { userName: 'Bob' },
    ]);
    const draft = renderRecord(record, 'md');
    expect(draft).toMatch(/commander\*\*: Ana, from .* until unknown/);
    expect(draft).toMatch(/commander\*\*: Bob, from unknown and still/);
  });
});
