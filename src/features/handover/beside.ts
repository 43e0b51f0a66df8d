// What a brief says beside the incident itself: what is frozen now, where a merged one goes on, and what came with those.

import { line, type Part, type Span, shorten } from '../../core/message.js';
import { counted, fewNames } from '../../core/text.js';
import type { Tx } from '../../db/tx.js';
import { environmentsOf } from '../catalog/index.js';
import { freezeKey, freezesOver, freezesSince, targetsOf, windowNow } from '../freeze/index.js';
import { componentName, goesOnIn, type Incident, incidentKey, withMerged } from '../incident/index.js';
import { openTasks, taskKey } from '../tasks/index.js';

const namesMax = 5;
const farYear = 9999;

/** The freezes that are on at an instant: those over what is affected, whoever made them, and those of the incident's cord. */
export async function freezeParts(
  tx: Tx,
  incident: Incident,
  { items, words }: { readonly items: number; readonly words: number },
  at: Date,
): Promise<Part[]> {
  const all = await freezesSince(tx, incident.workspaceId, at, { drills: true });
  const own = await withMerged(tx, incident.id);
  const isOwn = (each: { incidentId: string | null }) => own.includes(each.incidentId ?? '');
  const meant = all.filter((each) => !each.drill || isOwn(each));
  const affected = await tx.impact.findMany({
    where: {
      level: { not: 'operational' },
      OR: [
        { incidentId: incident.id, until: null },
        // What was merged is over by its status alone.
        { incidentId: { in: own.slice(1) }, OR: [{ until: null }, { overWithIncident: true }] },
      ],
    },
  });
  const targets = targetsOf(affected, await environmentsOf(tx, incident.workspaceId));
  const over = new Set(targets.flatMap((target) => freezesOver(meant, target, at)));
  const on = meant.filter((each) => over.has(each) || (isOwn(each) && windowNow(each, at) !== null));
  if (on.length === 0) return [];
  const spans = on.slice(0, items).flatMap((each, i): Span[] => {
    const until = windowNow(each, at)?.until ?? null;
    return [
      `${i === 0 ? '' : '; '}${freezeKey(each)} (${each.mode}${isOwn(each) ? ', by its cord' : ''}) ${shorten(each.reason, words / 2)} — ${each.owner.name}`,
      ...(until && until.getUTCFullYear() < farYear ? [', until ', { at: until } as const] : []),
    ];
  });
  return [line('Frozen now: ', ...spans, on.length > items ? ` and ${on.length - items} more` : '')];
}

/** Where a merged incident goes on. */
export async function goesOnParts(tx: Tx, incident: Incident): Promise<Part[]> {
  const into = await goesOnIn(tx, incident);
  if (!into) return [];
  const key = incidentKey(into);
  return [line({ bold: `It goes on in ${key}` }, ': ', { code: `/incident brief ${key}` })];
}

/** What came with each incident that was merged into this, in a line of its own. */
export async function cameWithParts(tx: Tx, incident: Incident, items: number): Promise<Part[]> {
  const merged = await tx.incident.findMany({
    where: { mergedIntoId: incident.id },
    orderBy: { number: 'asc' },
  });
  const lines = await Promise.all(merged.slice(0, items).map((each) => cameWith(tx, each)));
  const more = merged.length - items;
  return more > 0 ? [...lines, line(`And ${more} more were merged into this.`)] : lines;
}

async function cameWith(tx: Tx, incident: Incident): Promise<Part> {
  const key = incidentKey(incident);
  const brief = { code: `/incident brief ${key}` };
  // Whoever was let in since may not know of the other.
  if (incident.private) return line(`From ${key}: `, brief);
  const tasks = (await openTasks(tx, incident.id)).map(taskKey);
  const where = { incidentId: incident.id, kind: 'hypothesis', struck: false, redacted: false };
  const open = { ...where, withdrawn: false, correctedBy: null, takenBackAt: null };
  const hypotheses = await tx.entry.count({ where: open });
  const rows = await tx.impact.findMany({
    where: {
      incidentId: incident.id,
      level: { not: 'operational' },
      OR: [{ until: null }, { overWithIncident: true }],
    },
    orderBy: { since: 'asc' },
  });
  const components = [...new Set(rows.map(componentName))];
  const said = [
    ...(tasks.length > 0 ? [`${counted(tasks.length, 'open task')} (${fewNames(tasks, namesMax)})`] : []),
    ...(hypotheses > 0 ? [counted(hypotheses, 'hypothesis', 'hypotheses')] : []),
    ...(components.length > 0 ? [fewNames(components, namesMax)] : []),
  ];
  return line(`From ${key}: ${said.length > 0 ? said.join(', ') : 'nothing open'}: `, brief);
}
