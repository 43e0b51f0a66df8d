// What this page cannot draw says so, with what was sent: never nothing.
import type { ReactNode } from 'react';
import type { Json } from '../../page/contract.js';
import { text } from './json.js';

export function NotDrawn({ kind, json }: { kind: 'block' | 'element'; json: Json }): ReactNode {
  const name = text(json.type) || 'without a type';
  return (
    <details className="bk-unknown bk-unknown-box">
      <summary>
        This {kind} is not drawn here: <code>{name}</code>
      </summary>
      <pre>{JSON.stringify(json, null, 2)}</pre>
    </details>
  );
}
