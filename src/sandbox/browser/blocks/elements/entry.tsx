// Fields one types into or picks a time in.
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import type { Json } from '../../../page/contract.js';
import { secondsOf, wallOf } from '../../time.js';
import { type Control, type Slot, useControl } from '../acting.js';
import { text } from '../json.js';
import { plainWords } from '../text.js';
import { tellsOn } from '../values.js';
import { useViewer } from '../viewer.js';

const TYPING_PAUSE_MS = 300;

const TYPES: Readonly<Record<string, { type: string; inputMode?: 'decimal' }>> = {
  email_text_input: { type: 'email' },
  url_text_input: { type: 'url' },
  // Not `number`: that field hides what is no number, and Slack says what is wrong with it.
  number_input: { type: 'text', inputMode: 'decimal' },
};

export function Entry({ slot }: { slot: Slot }): ReactNode {
  const { element } = slot;
  const control = useControl(slot);
  const tells = tellsOn(element);
  const pause = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(pause.current), []);
  const isLong = element.multiline === true || element.type === 'rich_text_input';
  const typed = (words: string): void => {
    control.hold(words === '' ? null : words);
    if (!slot.dispatches || !tells.typing) return;
    clearTimeout(pause.current);
    pause.current = setTimeout(() => void control.send(words), TYPING_PAUSE_MS);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const enters = event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing;
    if (!enters || isLong || !slot.dispatches || !tells.enter) return;
    event.preventDefault();
    void control.send(control.value);
  };
  const common = {
    ...control.field,
    className: 'bk-entry',
    value: text(control.value),
    placeholder: plainWords(element.placeholder) || undefined,
    maxLength: typeof element.max_length === 'number' ? element.max_length : undefined,
    onKeyDown,
  };
  return (
    <span className="bk-control bk-wide">
      {isLong ? (
        <textarea {...common} rows={rowsOf(element)} onChange={(event) => typed(event.target.value)} />
      ) : (
        <input
          {...common}
          {...(TYPES[text(element.type)] ?? { type: 'text' })}
          autoComplete="off"
          onChange={(event) => typed(event.target.value)}
        />
      )}
      {control.beside}
    </span>
  );
}

function rowsOf(element: Json): number {
  return typeof element.min_lines === 'number' ? Math.min(element.min_lines, 12) : 4;
}

const PICKERS: Readonly<Record<string, string>> = {
  datepicker: 'date',
  timepicker: 'time',
  datetimepicker: 'datetime-local',
};

/** Dates and times by the browser's own pickers; an instant is picked on the viewer's wall clock. */
export function Picker({ slot }: { slot: Slot }): ReactNode {
  const { element } = slot;
  const control = useControl(slot);
  const { zone } = useViewer();
  const isInstant = element.type === 'datetimepicker';
  const shown = isInstant ? wallOf(control.value as number | null, zone) : text(control.value);
  const read = (given: string): unknown => (isInstant ? secondsOf(given, zone) : given || null);
  const clock = isInstant ? zone : text(element.timezone);
  return (
    <span className="bk-control">
      <PickerField slot={slot} control={control} shown={shown} read={read} />
      {clock && <small className="bk-quiet">{`Time in ${clock}`}</small>}
      {control.beside}
    </span>
  );
}

function PickerField(props: {
  slot: Slot;
  control: Control;
  shown: string;
  read: (given: string) => unknown;
}): ReactNode {
  const { control, slot } = props;
  return (
    <input
      {...control.field}
      type={PICKERS[text(slot.element.type)] ?? 'text'}
      className="bk-entry"
      value={props.shown}
      title={plainWords(slot.element.placeholder) || undefined}
      onChange={(event) => control.choose(props.read(event.target.value))}
    />
  );
}
