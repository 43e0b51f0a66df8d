// What `/freeze on` asks when it is given no words.
import type { Form } from '../../core/form.js';
import { reasonLimit } from './words.js';

export const onForm: Form = {
  title: 'Freeze',
  submit: 'Freeze',
  fields: [
    {
      kind: 'text',
      name: 'reason',
      label: 'Why? Whoever is stopped reads it.',
      placeholder: 'The cluster is rebuilt',
      maxLength: reasonLimit,
    },
    {
      kind: 'text',
      name: 'on',
      label: 'What is frozen?',
      hint: 'service/environment/cluster, several with commas; * is any, as in */prod/eks. Empty: all production.',
      placeholder: 'api/prod, */prod/eks',
      optional: true,
    },
    {
      kind: 'text',
      name: 'except',
      label: 'Except',
      hint: 'What goes on all the same, written alike.',
      optional: true,
    },
    {
      kind: 'flags',
      name: 'flags',
      label: 'How',
      options: [
        { value: 'soft', label: 'Soft: changes may start, and are warned' },
        { value: 'everything', label: 'Everything, in every environment' },
        { value: 'anyway', label: 'I am sure: do not ask again' },
      ],
    },
    {
      kind: 'text',
      name: 'from',
      label: 'From when?',
      hint: 'As you would write it: 18:00, tomorrow 9:30, 2026-11-21 18:00 UTC. Empty: now.',
      optional: true,
    },
    {
      kind: 'text',
      name: 'for',
      label: 'For how long?',
      hint: 'Such as 45m, 3h or 2d. Empty: two hours.',
      optional: true,
    },
    { kind: 'text', name: 'until', label: 'Or until when?', optional: true },
    {
      kind: 'text',
      name: 'every',
      label: 'Or again and again?',
      hint: 'Such as: weekday 18:00 to 08:00. Friday 16:00 to Monday 08:00. 20 Dec to 2 Jan.',
      optional: true,
    },
    {
      kind: 'text',
      name: 'zone',
      label: 'In which time zone is that?',
      hint: 'Such as Europe/Berlin. Empty: yours.',
      optional: true,
    },
    { kind: 'person', name: 'owner', label: 'Whose is it, if not yours?', optional: true },
  ],
};
