// Every element of Block Kit by its type.
import type { ReactNode } from 'react';
import type { Json } from '../../../page/contract.js';
import { type Slot, useControl } from '../acting.js';
import { Picture } from '../image.js';
import { text } from '../json.js';
import { plainWords } from '../text.js';
import { NotDrawn } from '../unknown.js';
import { Button, Overflow } from './button.js';
import { Choices } from './choices.js';
import { Entry, Picker } from './entry.js';
import { Select } from './select.js';

type Drawing = (props: { slot: Slot; legend?: ReactNode }) => ReactNode;

const ELEMENTS: Readonly<Record<string, Drawing>> = {
  button: Button,
  icon_button: Button,
  overflow: Overflow,
  checkboxes: Choices,
  radio_buttons: Choices,
  plain_text_input: Entry,
  email_text_input: Entry,
  url_text_input: Entry,
  number_input: Entry,
  rich_text_input: Entry,
  datepicker: Picker,
  timepicker: Picker,
  datetimepicker: Picker,
  static_select: Select,
  external_select: Select,
  users_select: Select,
  conversations_select: Select,
  channels_select: Select,
  multi_static_select: Select,
  multi_external_select: Select,
  multi_users_select: Select,
  multi_conversations_select: Select,
  multi_channels_select: Select,
  feedback_buttons: Feedback,
};

/** Elements that are a group of fields: their label is a legend. */
export function isGroup(element: Json): boolean {
  return element.type === 'checkboxes' || element.type === 'radio_buttons';
}

export function Element({ slot, legend }: { slot: Slot; legend?: ReactNode }): ReactNode {
  const { element } = slot;
  if (element.type === 'image') {
    return (
      <Picture url={text(element.image_url)} alt={text(element.alt_text)} file={element.slack_file} small />
    );
  }
  const type = text(element.type);
  const Drawn = Object.hasOwn(ELEMENTS, type) ? ELEMENTS[type] : undefined;
  return Drawn ? <Drawn slot={slot} legend={legend} /> : <NotDrawn kind="element" json={element} />;
}

function Feedback({ slot }: { slot: Slot }): ReactNode {
  const control = useControl(slot);
  const sides = [slot.element.positive_button, slot.element.negative_button] as Json[];
  return (
    <span className="bk-control">
      {sides.map((side) => (
        <button
          key={text(side?.value)}
          type="button"
          className="bk-button"
          aria-label={text(side?.accessibility_label) || undefined}
          onClick={() => control.press(text(side?.value))}
        >
          {plainWords(side?.text)}
        </button>
      ))}
      {control.beside}
    </span>
  );
}
