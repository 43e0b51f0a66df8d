// What the page is told when it opens.

import { groupId, type User } from '../world.js';
import type { Opening } from './contract.js';
import { faultsCard } from './fault-cards.js';
import type { Hub } from './hub.js';
import { channelCard, homeViewOf, personCard, sees, topViewOf } from './sight.js';
import { wireCard } from './wire-cards.js';

/** The workspace as this person sees it now. */
export function openingFor(hub: Hub, me: User): Opening {
  const { world, traffic } = hub.wire;
  const channels = [...world.channels.values()].filter((one) => sees(one, me.id));
  const general = channels.find((one) => one.isGeneral) ?? channels[0];
  const led = channels.find((one) => one.id === hub.startIn);
  return {
    notice: hub.notice,
    team: { id: world.team.id, name: world.team.name, url: world.team.url },
    app: {
      name: world.app.name,
      botUserId: world.app.botUserId,
      messagesReadOnly: world.app.messagesReadOnly,
    },
    me: personCard(me),
    people: [...world.users.values()].filter((one) => !one.deleted).map(personCard),
    channels: channels.map((one) => channelCard(world, hub.marks, one, me.id)),
    usergroups: (world.usergroups ?? []).map((group, index, all) => ({
      id: groupId(all, index),
      handle: group.handle,
      name: group.name,
    })),
    commands: world.app.hints.commands,
    shortcuts: world.app.hints.shortcuts,
    firstSteps: world.app.hints.firstSteps ?? null,
    view: topViewOf(world, me.id),
    home: homeViewOf(world, me.id),
    wire: traffic.passages.map(wireCard),
    faults: faultsCard(hub.wire, hub.scopes),
    startIn: (led ?? general)?.id ?? '',
  };
}
