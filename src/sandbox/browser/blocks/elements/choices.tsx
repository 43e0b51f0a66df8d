// Checkboxes and radio buttons: a group with a name.
import type { ReactNode } from 'react';
import type { Json } from '../../../page/contract.js';
import { type Slot, useControl } from '../acting.js';
import { objects, strings, text } from '../json.js';
import { TextLine } from '../text.js';

/** In an input block the legend is the block's label, handed in; elsewhere it is for those who do not see the group. */
export function Choices({ slot, legend }: { slot: Slot; legend?: ReactNode }): ReactNode {
  const { element } = slot;
  const control = useControl(slot);
  const { id, ...field } = control.field;
  const isMany = element.type === 'checkboxes';
  const chosen = isMany ? strings(control.value) : [text(control.value)];
  const pick = (value: string, on: boolean): void => {
    if (!isMany) return control.choose(value);
    const options = objects(element.options).map((one) => text(one.value));
    control.choose(options.filter((one) => (one === value ? on : chosen.includes(one))));
  };
  return (
    <fieldset className="bk-choices" {...field} aria-label={undefined}>
      <legend className={legend ? 'bk-label' : 'bk-sr'}>{legend ?? slot.name ?? 'Choose'}</legend>
      {objects(element.options).map((option, index) => (
        <Choice
          key={text(option.value)}
          {...(index === 0 ? { id: String(id) } : {})}
          group={String(id)}
          type={isMany ? 'checkbox' : 'radio'}
          option={option}
          isOn={chosen.includes(text(option.value))}
          pick={pick}
        />
      ))}
      {control.beside}
    </fieldset>
  );
}

function Choice(props: {
  id?: string;
  group: string;
  type: 'checkbox' | 'radio';
  option: Json;
  isOn: boolean;
  pick: (value: string, on: boolean) => void;
}): ReactNode {
  const { option } = props;
  return (
    <label className="bk-choice">
      <input
        type={props.type}
        id={props.id}
        name={props.group}
        checked={props.isOn}
        onChange={(event) => props.pick(text(option.value), event.target.checked)}
      />
      <span>
        <TextLine of={option.text} />
        {option.description ? (
          <small className="bk-quiet">
            <TextLine of={option.description} />
          </small>
        ) : null}
      </span>
    </label>
  );
}
