// The changes under way where reports complain: what runs there now is the first thing to ask about.
import { line, type Part, shorten } from '../../core/message.js';
import type { Tx } from '../../db/tx.js';
import { environmentsOf, neighboursOf } from '../catalog/index.js';
import { type Component, changeKey, isUnderWay, kindPhrase, placesOf, stateSpans } from '../change/index.js';
import { changesNear } from '../suspects/index.js';
import type { Report } from './words.js';

const titleMax = 80;
const shownMax = 2;

/** A line for each change that runs or is validated on what reports are about, what that needs, or its cluster. */
export async function underWayThere(
  tx: Tx,
  workspaceId: string,
  reports: readonly Pick<Report, 'service' | 'environment' | 'cluster'>[],
  at: Date,
): Promise<Part[]> {
  const environments = await environmentsOf(tx, workspaceId);
  const named = reports.flatMap(({ service, environment, cluster }) =>
    service === null ? [] : [{ service, environment: environment ?? '', cluster: cluster ?? '' }],
  );
  const components = placesOf(named, environments);
  if (components.length === 0) return [];
  const services = [...new Set(components.map((each) => each.service))];
  const neighbourhood = await neighboursOf(tx, workspaceId, services);
  const near = await changesNear(tx, { workspaceId, components, neighbourhood, onset: at });
  const clusters = new Set(
    components.flatMap((each) =>
      each.cluster === ''
        ? (neighbourhood.services.get(each.service)?.runsOn ?? []).map((it) => it.cluster)
        : [each.cluster],
    ),
  );
  const within = new Set([...services, ...neighbourhood.dependencies, ...clusters]);
  const here = (changed: Component) =>
    (within.has(changed.service) || clusters.has(changed.cluster)) &&
    components.some((each) => sameOrUnsaid(each.environment, changed.environment));
  return near
    .filter(({ change, components: changed }) => isUnderWay(change.state) && changed.some(here))
    .slice(-shownMax)
    .map(({ change }) =>
      line(
        'Under way there: ',
        { bold: changeKey(change) },
        ` ${shorten(change.title, titleMax)}, ${kindPhrase(change.kind)}, `,
        ...stateSpans(change),
      ),
    );
}

const sameOrUnsaid = (one: string, other: string) => one === '' || other === '' || one === other;
