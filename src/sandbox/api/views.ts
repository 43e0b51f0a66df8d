// views.*: modals on a person's stack, and App Home.
import { checkView, withIds } from '../blockkit/index.js';
import { isObject } from '../blockkit/rules.js';
import { refuse, refuseArguments } from '../errors.js';
import { viewJson } from '../format.js';
import { type Tickets, takeTrigger } from '../tickets.js';
import type { Json } from '../types.js';
import { nextId, secret, type View, type World } from '../world.js';
import { type Context, type Handler, knownUser, str } from './context.js';

const VIEW_BYTES_MAX = 250_000;
const STACK_MAX = 3;

export function stackOf(world: World, user: string): View[] {
  const stack = world.stacks.get(user) ?? [];
  world.stacks.set(user, stack);
  return stack;
}

/** A view as given, checked; refuses as views.* do. */
export function readView(world: World, given: unknown, kind: 'modal' | 'home', self?: View): Json {
  if (Buffer.byteLength(JSON.stringify(given ?? null)) > VIEW_BYTES_MAX) refuse('view_too_large');
  const wrong = checkView(given, kind);
  if (wrong.length > 0) refuseArguments(wrong);
  const view = given as Json;
  const externalId = str(view, 'external_id');
  if (externalId) {
    const known = [...world.views.values()].some(
      (one) => one.open && one.externalId === externalId && one !== self,
    );
    if (known) refuse('duplicate_external_id');
  }
  return view;
}

function newHash(world: World): string {
  return `${Math.floor(world.wireNow() / 1000)}.${secret(4)}`;
}

/** For whoever looks at it: what is on top of a person's stack, or their home. */
export function viewChanged(world: World, view: View): void {
  world.changed({ what: view.type === 'home' ? 'home' : 'views', user: view.owner });
}

function fill(world: World, view: View, source: Json): void {
  const before = view.typed;
  view.source = source;
  view.blocks = withIds((source.blocks ?? []) as Json[]);
  view.externalId = str(source, 'external_id');
  view.hash = newHash(world);
  // What was typed stays where block_id and action_id stay the same.
  view.typed = {};
  for (const block of view.blocks) {
    const blockId = String(block.block_id);
    const kept = before[blockId];
    const action = isObject(block.element) ? String(block.element.action_id) : '';
    const value = kept?.[action];
    if (value) view.typed[blockId] = { [action]: value };
  }
  viewChanged(world, view);
}

export function makeView(world: World, owner: string, source: Json, under?: View): View {
  const id = nextId(world, 'V');
  const view: View = {
    id,
    type: source.type === 'home' ? 'home' : 'modal',
    owner,
    blocks: [],
    source,
    hash: '',
    externalId: '',
    rootId: under?.rootId ?? id,
    previousId: under?.id ?? null,
    typed: {},
    open: true,
  };
  fill(world, view, source);
  world.views.set(id, view);
  return view;
}

export function replaceView(world: World, view: View, source: Json): void {
  fill(world, view, source);
}

export function pushView(world: World, user: string, source: Json): View {
  const stack = stackOf(world, user);
  if (stack.length >= STACK_MAX) refuse('push_limit_reached');
  const view = makeView(world, user, source, stack.at(-1));
  stack.push(view);
  return view;
}

export function closeAll(world: World, user: string): void {
  for (const view of stackOf(world, user)) view.open = false;
  world.stacks.set(user, []);
  world.changed({ what: 'views', user });
}

function spend(tickets: Tickets, world: World, args: Json): ReturnType<typeof takeTrigger> {
  return takeTrigger(tickets, world, args.trigger_id ?? args.interactivity_pointer);
}

function open({ world, tickets, args }: Context): Json {
  const trigger = spend(tickets, world, args);
  const source = readView(world, args.view, 'modal');
  closeAll(world, trigger.user);
  const view = pushView(world, trigger.user, source);
  trigger.used = true;
  trigger.openedView = view.id;
  return { view: viewJson(world, view) };
}

function push({ world, tickets, args }: Context): Json {
  const trigger = spend(tickets, world, args);
  // Only an interaction inside a modal that is still open can push on top of it.
  const from = trigger.fromView ? world.views.get(trigger.fromView) : undefined;
  if (!from?.open || from.type !== 'modal') refuse('not_found');
  const source = readView(world, args.view, 'modal');
  const view = pushView(world, trigger.user, source);
  trigger.used = true;
  trigger.openedView = view.id;
  return { view: viewJson(world, view) };
}

function update({ world, args }: Context): Json {
  const id = str(args, 'view_id');
  const externalId = str(args, 'external_id');
  if (!id && !externalId) refuseArguments(['missing required field: view_id']);
  const view = id
    ? world.views.get(id)
    : [...world.views.values()].find((one) => one.open && one.externalId === externalId);
  if (!view?.open) return refuse('not_found');
  const hash = str(args, 'hash');
  if (hash && hash !== view.hash) refuse('hash_conflict');
  replaceView(world, view, readView(world, args.view, view.type, view));
  return { view: viewJson(world, view) };
}

function publish(ctx: Context): Json {
  const { world, args } = ctx;
  const user = knownUser(ctx, 'user_id', 'invalid_arguments');
  const known = world.homes.get(user.id);
  const hash = str(args, 'hash');
  if (hash && hash !== known?.hash) refuse('hash_conflict');
  const source = readView(world, args.view, 'home', known);
  const view = known ?? makeView(world, user.id, source);
  if (known) replaceView(world, known, source);
  world.homes.set(user.id, view);
  return { view: viewJson(world, view) };
}

export const viewMethods: Readonly<Record<string, Handler>> = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
  'views.publish': publish,
};
