// What the tests of checklists share: a desk whose catalogue has two of them, and an incident.
import { expect } from 'vitest';
import { readCatalog } from '../../../src/features/catalog/index.js';
import { importCatalog } from '../../../src/features/catalog-people/index.js';
import { type Desk, openDesk, type PersonName } from '../../helpers/desk.js';

export const file = `
checklists:
  rollback:
    title: Take the release back
    steps:
      - { text: Stop the pipeline, owner: operations }
      - { text: The deployment list is checked, owner: commander, second: true }
      - Tell support
  empty the queue:
    title: Empty the queue by hand
    steps: ["Look at its length", { text: Drain it, owner: "U0EVE" }]
`;

/** A desk with those checklists, and INC-1, which Ana commands. */
export async function deskWithChecklists(engine: 'sqlite' | 'postgresql'): Promise<Desk> {
  const desk = await openDesk(engine);
  await desk.execute(importCatalog.given(readCatalog(file, 'catalog.yaml')), desk.ask());
  await said(desk, 'ana', 'declare writes are stuck sev:2');
  await said(desk, 'ana', 'role INC-1 commander me');
  return desk;
}

/** Says a line that is accepted, and returns the reply. */
export async function said(desk: Desk, who: PersonName, line: string): Promise<string> {
  const { accepted, text } = await desk.say(who, line);
  expect(accepted, `${line}: ${text}`).toBe(true);
  return text;
}

/** Says a line that is refused, and returns why; nothing is stated. */
export async function refused(desk: Desk, who: PersonName, line: string): Promise<string> {
  const before = await desk.db.read.fact.count();
  const { accepted, text } = await desk.say(who, line);
  expect(accepted, `${line}: ${text}`).toBe(false);
  expect(await desk.db.read.fact.count()).toBe(before);
  expect(text.split('\n').length).toBeLessThanOrEqual(12);
  return text;
}

/** The texts of the incident's timeline that are about checklists. */
export async function timeline(desk: Desk): Promise<string[]> {
  const rows = await desk.db.read.entry.findMany({ where: { kind: 'action' }, orderBy: { seq: 'asc' } });
  return rows.map((row) => `${row.authorName}: ${row.text}`);
}
