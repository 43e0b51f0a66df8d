// The rules of saying better what a change is: where it is, of which kind, whose. Pure.
import { type Ask, accept, type Decision, refuse } from '../../core/command.js';
import { say } from '../../core/message.js';
import { oneLine } from '../../core/text.js';
import { audienceOf, isProduction } from './announcing.js';
import { conflictsOf } from './conflicts.js';
import { planOfChange } from './decide.js';
import * as facts from './facts.js';
import { describedReply } from './replies.js';
import type { DescribeInput, PlannedState } from './said.js';
import { changeStream } from './store.js';
import { changeKey, isOver, stateName } from './words.js';

/** What was said of it first is said better; its state and its times are other verbs'. */
export function decideDescribe(
  { change, components, around, before }: PlannedState,
  input: DescribeInput,
  ask: Ask,
): Decision {
  const title = input.title === undefined ? undefined : oneLine(input.title);
  const moved = input.on !== undefined && input.on.length > 0;
  const said = {
    ...(title && title !== change.title ? { title } : {}),
    ...(input.kind && input.kind !== change.kind ? { kind: input.kind } : {}),
    ...(input.owner && input.owner.id !== change.ownerId ? { owner: input.owner } : {}),
    ...(input.url && input.url !== change.url ? { url: input.url } : {}),
    ...(input.reversible && input.reversible !== change.reversible ? { reversible: input.reversible } : {}),
    ...(moved
      ? { components: [...components], production: isProduction(components, around.environments) }
      : {}),
  };
  const key = changeKey(change);
  if (Object.keys(said).length === 0)
    return refuse(
      say(`${key} is described so already. Say what is otherwise, such as `, {
        code: `/change describe ${key} kind:upgrade on:api/prod`,
      }),
    );
  if (said.kind && isOver(change.state))
    return refuse(
      say(`${key} is over (${stateName(change.state)}), and its kind is counted. Nothing was changed.`),
      'kind',
    );
  // Elsewhere, or of another kind, it may collide with something else, and concern others.
  const looked = (moved || said.kind !== undefined) && !isOver(change.state);
  const window = { startsAt: change.plannedStart ?? change.startsAt, endsAt: change.plannedEnd };
  const plan = planOfChange({ ...change, kind: said.kind ?? change.kind }, components, window);
  const conflicts = looked ? conflictsOf(plan, around) : [];
  const audience = newlyConcerned({ change, components, around, before }, ask);
  const fact = facts.changeDescribed(
    {
      number: change.number,
      ...said,
      ...(looked ? { conflicts } : {}),
      ...(looked && said.production ? { audience } : {}),
    },
    { stream: changeStream(change.id) },
  );
  return accept([fact], describedReply(change, said, conflicts, input, ask));
}

// Those who own what it touched before were told of it.
function newlyConcerned({ change, components, around, before = [] }: PlannedState, ask: Ask) {
  const old = new Set(before.map((each) => each.service));
  const services = components.map((each) => each.service).filter((service) => !old.has(service));
  // Of a service that it touched before, those who depend on it know too.
  const { edges } = around.neighbourhood;
  const dependents = new Set(
    edges.filter((edge) => services.includes(edge.dependsOn)).map((edge) => edge.service),
  );
  return audienceOf(services, { ...around.neighbourhood, dependents }, [change.ownerId, ask.actor.id]);
}
