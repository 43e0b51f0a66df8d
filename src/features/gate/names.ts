// The names in a question that the catalogue does not know: most likely slips, and no freeze of what was meant covers them.
import { z } from 'zod';
import type { Tx } from '../../db/tx.js';
import { folded } from '../freeze/index.js';
import type { Component } from '../incident/index.js';

const runsOn = z.array(z.object({ cluster: z.string() }));

/** `service apii`, `cluster ek`. A catalogue without any service, or cluster, says nothing by not having this one. */
export async function unknownNames(
  tx: Tx,
  workspaceId: string,
  targets: readonly Component[],
): Promise<string[]> {
  const services = namesIn(targets.map((each) => each.service));
  const clusters = namesIn(targets.map((each) => each.cluster));
  const strange = [
    await notAmong(services, [
      (where) => tx.service.findMany({ where: { workspaceId, ...where }, select: { name: true } }),
    ]),
    await notAmong(clusters, [
      (where) => tx.cluster.findMany({ where: { workspaceId, ...where }, select: { name: true } }),
      () => runOn(tx, workspaceId),
    ]),
  ];
  return ['service', 'cluster'].flatMap((what, i) => (strange[i] ?? []).map((name) => `${what} ${name}`));
}

type Find = (where: { readonly name?: { readonly in: string[] } }) => Promise<{ readonly name: string }[]>;

function namesIn(words: readonly string[]): string[] {
  return [...new Set(words)].filter((word) => word !== '');
}

// Written as the catalogue has them they are found by an index; only others are looked for among all.
async function notAmong(words: readonly string[], find: readonly Find[]): Promise<string[]> {
  let rest = words;
  for (const each of find) {
    if (rest.length === 0) return [];
    const known = new Set((await each({ name: { in: [...rest] } })).map((it) => it.name));
    rest = rest.filter((word) => !known.has(word));
  }
  if (rest.length === 0) return [];
  const all = new Set<string>();
  for (const each of find) for (const { name } of await each({})) all.add(folded(name));
  return all.size === 0 ? [] : rest.filter((word) => !all.has(folded(word)));
}

// A cluster may be named only by what runs on it.
async function runOn(tx: Tx, workspaceId: string): Promise<{ readonly name: string }[]> {
  const rows = await tx.service.findMany({ where: { workspaceId }, select: { runsOn: true } });
  const places = rows.flatMap((row) => runsOn.safeParse(row.runsOn).data ?? []);
  return places.flatMap(({ cluster }) => (cluster === '' ? [] : [{ name: cluster }]));
}
