// The form for a fault of one's own: what happens, to which method, how often.
import { type FormEvent, useId, useState } from 'react';
import type { FaultAct, FaultKind, FaultsCard } from '../../page/contract.js';
import { errorsOf } from './presets.js';

const KINDS: readonly { kind: FaultKind; label: string }[] = [
  { kind: 'rateLimit', label: 'asks the app to wait (429)' },
  { kind: 'refuse', label: 'refuses' },
  { kind: 'status', label: 'answers with an HTTP status' },
  { kind: 'drop', label: 'loses the connection' },
  { kind: 'delay', label: 'is slow' },
];

/** What one types beside the kind; for `refuse` and `drop` one chooses instead. */
const NUMBERS = {
  rateLimit: { label: 'Retry-After, in seconds', first: '5', min: 1, max: 3600 },
  status: { label: 'HTTP status', first: '503', min: 400, max: 599 },
  delay: { label: 'Delay, in milliseconds', first: '2000', min: 1, max: 60_000 },
} as const;

interface FaultFormProps {
  faults: FaultsCard;
  onLay: (act: FaultAct) => Promise<void>;
}

export function FaultForm({ faults, onLay }: FaultFormProps) {
  const [kind, setKind] = useState<FaultKind>('rateLimit');
  const [method, setMethod] = useState('chat.postMessage');
  const id = useId();

  function lay(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const times = String(fields.get('times') ?? '');
    void onLay({
      do: 'lay',
      kind,
      method,
      detail: String(fields.get('detail') ?? ''),
      times: times === '' ? null : Number(times),
    });
  }

  return (
    <form className="fault-form" onSubmit={lay}>
      <label htmlFor={`${id}-method`}>When the app calls</label>
      <select id={`${id}-method`} value={method} onChange={(event) => setMethod(event.target.value)}>
        <option value="*">every method</option>
        {faults.methods.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <label htmlFor={`${id}-kind`}>Slack</label>
      <select id={`${id}-kind`} value={kind} onChange={(event) => setKind(event.target.value as FaultKind)}>
        {KINDS.map((each) => (
          <option key={each.kind} value={each.kind}>
            {each.label}
          </option>
        ))}
      </select>
      <Detail id={`${id}-detail`} key={`${kind} ${method}`} kind={kind} errors={errorsOf(faults, method)} />
      <label htmlFor={`${id}-times`}>How many times (empty: until lifted)</label>
      <input id={`${id}-times`} name="times" type="number" min={1} max={1000} step={1} defaultValue="1" />
      <button type="submit">Lay it</button>
    </form>
  );
}

function Detail({ id, kind, errors }: { id: string; kind: FaultKind; errors: readonly string[] }) {
  if (kind === 'refuse') {
    return (
      <>
        <label htmlFor={id}>With the error</label>
        <select id={id} name="detail">
          {errors.map((error) => (
            <option key={error}>{error}</option>
          ))}
        </select>
      </>
    );
  }
  if (kind === 'drop') {
    return (
      <>
        <label htmlFor={id}>When</label>
        <select id={id} name="detail">
          <option value="before">before the work: nothing is done</option>
          <option value="after">after the work: done, but the app is not told</option>
        </select>
      </>
    );
  }
  const { label, first, min, max } = NUMBERS[kind];
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <input id={id} name="detail" type="number" required min={min} max={max} step={1} defaultValue={first} />
    </>
  );
}
