// App Home: what the app published for this person.
import type { ReactNode } from 'react';
import type { Act, ActAnswer, PageView } from '../../page/contract.js';
import { Blocks, type Viewer } from '../blocks/index.js';
import { useForm } from '../modal/form.js';

export interface HomeProps {
  view: PageView | null;
  viewer: Viewer;
  act: (act: Act) => Promise<ActAnswer>;
}

/** The person's App Home, or that there is none yet. */
export function Home({ view, viewer, act }: HomeProps): ReactNode {
  if (!view) {
    return (
      <div className="bk bk-home-empty">
        <h2>Nothing here yet</h2>
        <p>The app publishes its Home when you open it, and again when something changes for you.</p>
      </div>
    );
  }
  return <Published key={view.id} view={view} viewer={viewer} act={act} />;
}

function Published({ view, viewer, act }: HomeProps & { view: PageView }): ReactNode {
  const form = useForm(view, act);
  return (
    <div className="bk-home">
      <Blocks
        blocks={view.blocks}
        viewer={viewer}
        state={view.state}
        onAction={form.onAction}
        onInput={form.onInput}
        onSuggest={form.onSuggest}
      />
    </div>
  );
}
