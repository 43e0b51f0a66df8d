// Importing: a file says what is there, in place of what it said before; and what is told of it.

import type { Ask } from '../../core/command.js';
import type { Stated } from '../../core/fact.js';
import { line, type Message, message, type Part } from '../../core/message.js';
import { counted } from '../../core/text.js';
import { showDuration } from '../../core/time/index.js';
import type { Tx } from '../../db/tx.js';
import { severities } from '../incident/index.js';
import { catalogImported, catalogStream, type Names, settingsSet } from './facts.js';
import { type Holding, holdingsOf, type Loosening, loosenedWords, looseningsOf } from './loosening.js';
import { type Catalog, changesNothing, type ImportPlan, type KnownPerson, planImport } from './plan.js';
import { tierIn } from './read.js';
import type { SaidCatalog } from './said.js';
import { knownPeople, readWhole } from './store.js';
import { type Cadence, named, type SettingsSaid, slackOrigin } from './words.js';

const minuteMs = 60_000;

/** What an import is decided by. */
export interface ImportState {
  readonly catalog: Catalog;
  readonly freezes: readonly Holding[];
  readonly people: readonly KnownPerson[];
}

/** What a file changes beside services and places, for the report. */
export interface ImportMore {
  /** `2 roles`, as the first line counts. */
  readonly counts: readonly string[];
  readonly nothing: boolean;
  readonly lines: readonly string[];
}

/** Where a file says nothing more. */
export const nothingMore: ImportMore = { counts: [], nothing: true, lines: [] };

/** Reads what an import is decided by. */
export async function readImport(tx: Tx, ask: Pick<Ask, 'workspace' | 'now'>): Promise<ImportState> {
  return {
    catalog: await readWhole(tx, ask.workspace.id),
    freezes: await holdingsOf(tx, ask.workspace.id, ask.now),
    people: await knownPeople(tx, ask.workspace.id),
  };
}

/** States what a file changes; nothing, where all is as it says. Pure. */
export function decideImport(
  { catalog, freezes, people }: ImportState,
  said: SaidCatalog,
  ask: Pick<Ask, 'workspace'>,
  beside: ImportMore = nothingMore,
): { readonly facts: readonly Stated[]; readonly reply: Message } {
  const plan = planImport(said, catalog, people);
  const loosens = looseningsIn(plan, catalog, freezes);
  const { origin, services, environments, clusters, added, removed, settings } = plan;
  const about = { stream: catalogStream };
  const entries = services.length + environments.length + clusters.length;
  const gone = removed.services.length + removed.environments.length + removed.clusters.length;
  const put = { services: [...services], environments: [...environments], clusters: [...clusters] };
  const more = loosens.length > 0 ? { loosens } : {};
  return {
    facts: [
      ...(entries + gone > 0 ? [catalogImported({ origin, ...put, added, removed, ...more }, about)] : []),
      ...(Object.keys(settings).length > 0 ? [settingsSet(settings, about)] : []),
    ],
    reply: importReport(plan, said, ask.workspace.zone, loosens, beside),
  };
}

/** What freezes no longer hold where an import is done. */
export function looseningsIn(plan: ImportPlan, catalog: Catalog, freezes: readonly Holding[]): Loosening[] {
  const was = [...catalog.environments.values()].map((each) => ({ ...each, tier: tierIn(each.tier) }));
  return looseningsOf(freezes, was, plan.afterwards);
}

/** What an import changes, in few lines; the same before it and after. */
export function importReport(
  plan: ImportPlan,
  said: SaidCatalog,
  zone: string,
  loosens: readonly Loosening[] = [],
  beside: ImportMore = nothingMore,
): Message {
  const { origin, overruled, unknownPeople, unknownServices, remarks } = plan;
  const all = [
    counted(said.services.length, 'service'),
    counted(said.environments.length, 'environment'),
    counted(said.clusters.length, 'cluster'),
    ...beside.counts,
  ];
  const nothing = changesNothing(plan) && beside.nothing;
  return message(
    line(`${origin}: ${all.join(', ')}.${nothing ? ' All is so already: nothing was changed.' : ''}`),
    ...part('Added', '', plan.added),
    ...part('Changed', '', plan.changed),
    ...part('Removed', ', for the file has it no more', plan.removed),
    loosens.length > 0 && line(loosenedWords(loosens)),
    settingsText(plan.settings, zone) !== '' && line(`Settings: ${settingsText(plan.settings, zone)}.`),
    overruled.length > 0 &&
      line(
        `The file’s word is the later one, and took the place of what others said: ${named(
          overruled.map((each) => `${each.name} (${saidBy(each.origin)})`),
        )}.`,
      ),
    unknownServices.length > 0 &&
      line(`Needed, but not in the catalogue: ${named(unknownServices)}. The dependencies are kept.`),
    unknownPeople.length > 0 &&
      line(
        `Slack cannot be told about ${named(unknownPeople)}: nobody, or more than one, is known by that name. Write their Slack ids (profile, Copy member ID), or import again when they have used Andon.`,
      ),
    ...[...beside.lines, ...remarks].map((each) => line(each)),
  );
}

/** Who said something, for people. */
export function saidBy(origin: string): string {
  return origin === slackOrigin ? 'said in Slack' : `from ${origin}`;
}

/** Settings in words; empty where there are none. */
export function settingsText(settings: SettingsSaid, zone: string): string {
  const { supportChannel, supportPeople, digestAt, serviceLimit, personLimit, checks, cadence } = settings;
  const people = (supportPeople ?? []).map((each) => each.name);
  return [
    supportChannel === undefined
      ? null
      : supportChannel
        ? `support channel #${supportChannel}`
        : 'no support channel',
    supportPeople === undefined
      ? null
      : people.length > 0
        ? `support people ${named(people)}`
        : 'no support people',
    digestAt === undefined ? null : digestAt ? `digest at ${digestAt} each day (${zone})` : 'no digest',
    serviceLimit === undefined ? null : `${atMost(serviceLimit)} for a service`,
    personLimit === undefined ? null : `${atMost(personLimit)} for a person`,
    checks === undefined ? null : counted(checks.length, 'check'),
    cadence === undefined ? null : cadenceText(cadence),
  ]
    .filter((each) => each !== null)
    .join('; ');
}

/** How often those outside are to hear, in words. */
function cadenceText(cadence: Cadence): string {
  const said = severities.flatMap((each) => {
    const minutes = cadence[each];
    if (minutes === undefined) return [];
    return [
      minutes === null
        ? `no updates for ${each}`
        : `updates for ${each} every ${showDuration(minutes * minuteMs)}`,
    ];
  });
  return said.length > 0 ? said.join(', ') : 'updates as usual';
}

function part(word: string, why: string, { services, environments, clusters }: Names): Part[] {
  const kinds = [
    ['service', services],
    ['environment', environments],
    ['cluster', clusters],
  ] as const;
  return kinds
    .filter(([, names]) => names.length > 0)
    .map(([kind, names]) => line(`${word} ${counted(names.length, kind)}${why}: ${named(names)}.`));
}

function atMost(limit: number | null): string {
  return limit === null ? 'any number of changes at once' : `at most ${counted(limit, 'change')} at once`;
}
