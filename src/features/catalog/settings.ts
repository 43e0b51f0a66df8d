// What a team decides of its changes: limits, support, and when the digest comes.
import { z } from 'zod';
import { defineCommand } from '../../core/command.js';
import { decideSettings } from './decide.js';
import { catalogStream } from './facts.js';
import { channelWord, clockWord, limitWord, ownersWord } from './inputs.js';
import { settingsOf, type TeamSettings } from './read.js';

const limitsInput = z.object({ service: limitWord.optional(), person: limitWord.optional() });

export const limits = defineCommand<z.infer<typeof limitsInput>, null, TeamSettings>({
  verb: {
    surface: 'change',
    words: ['limits'],
    usage: '[service:] [person:]',
    summary:
      'How many changes may be under way at once for one service, and for one person; 0 is no limit. Above it people are warned, and nothing is stopped. Without words the limits are shown.',
    example: '/change limits service:1 person:3',
    onIncident: false,
    inDrill: 'refused',
  },
  input: limitsInput,
  locate: async () => ({ streams: [catalogStream], target: null }),
  load: (tx, _input, _target, ask) => settingsOf(tx, ask.workspace.id),
  decide: (was, input, ask) =>
    decideSettings(
      was,
      { serviceLimit: input.service, personLimit: input.person },
      ['serviceLimit', 'personLimit'],
      ask.workspace.zone,
    ),
});

const supportInput = z.object({ channel: channelWord.optional(), people: ownersWord.optional() });

export const support = defineCommand<z.infer<typeof supportInput>, null, TeamSettings>({
  verb: {
    surface: 'change',
    words: ['support'],
    usage: '[channel:] [people:@user,…]',
    summary:
      'Who is told of upgrades that nobody attends and asked whether all still works. Without words it is shown; “none” takes it away.',
    example: '/change support channel:#support people:@ana,@bob',
    onIncident: false,
    inDrill: 'refused',
  },
  input: supportInput,
  locate: async () => ({ streams: [catalogStream], target: null }),
  load: (tx, _input, _target, ask) => settingsOf(tx, ask.workspace.id),
  decide: (was, input, ask) =>
    decideSettings(
      was,
      { supportChannel: input.channel, supportPeople: input.people },
      ['supportChannel', 'supportPeople'],
      ask.workspace.zone,
    ),
});

const digestInput = z.object({ clock: clockWord.optional() });

export const digest = defineCommand<z.infer<typeof digestInput>, null, TeamSettings>({
  verb: {
    surface: 'change',
    words: ['digest'],
    usage: '[CLOCK]',
    summary:
      'When each morning today’s and tomorrow’s changes are told, in the workspace’s time zone, or “off”. Without a time it is shown.',
    example: '/change digest 08:30',
    onIncident: false,
    inDrill: 'refused',
  },
  input: digestInput,
  locate: async () => ({ streams: [catalogStream], target: null }),
  load: (tx, _input, _target, ask) => settingsOf(tx, ask.workspace.id),
  decide: (was, input, ask) =>
    decideSettings(was, { digestAt: input.clock }, ['digestAt'], ask.workspace.zone),
});
