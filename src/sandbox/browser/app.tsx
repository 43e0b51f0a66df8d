// The frame of the page: who one is, the channels, the channel one is in, the thread, the panel.
import {
  type MouseEvent,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type { ChannelCard, Opening } from '../page/contract.js';
import { isInside } from './blocks/links.js';
import { ChannelView } from './channel/channel-view.js';
import { focusNewest } from './channel/message-list.js';
import { Sidebar } from './channel/sidebar.js';
import { Thread } from './channel/thread.js';
import { Home } from './home/index.js';
import { Live } from './live.js';
import { ModalStack } from './modal/index.js';
import { Panel, type PanelProps } from './panel/index.js';
import { type Place, placeOfPermalink } from './state/address.js';
import { Client, type Seen } from './state/client.js';
import { SessionContext, useMe, useSession, useSpace, useViewer } from './state/session.js';
import { isConversation, titleOf } from './state/titles.js';
import { type Address, useAddress } from './state/use-address.js';
import { TopBar } from './top-bar.js';

/** The whole page, for the person the address names. */
export function App() {
  const address = useAddress();
  const client = useClient(address.as);
  const seen = useSyncExternalStore(client.subscribe, client.look);
  const last = useRef<Client | null>(null);
  if (seen.space) last.current = client;
  // Who one becomes is shown when there is something to show: the frame stays, and with it the focus.
  const shown = last.current;
  const space = shown?.look().space;
  if (!shown || !space || seen.refusal !== null) return <Waiting refusal={seen.refusal} />;
  return <Workspace address={address} client={shown} opening={space.opening} line={shown.look().line} />;
}

// What each person saw is kept, so that being somebody else again needs no waiting.
const known = new Map<string, Client>();

function useClient(as: string): Client {
  const client = useMemo(() => {
    const next = new Client(as, known.get(as)?.look().space ?? null);
    known.set(as, next);
    return next;
  }, [as]);
  useEffect(() => {
    client.open();
    return () => client.close();
  }, [client]);
  return client;
}

function Waiting({ refusal }: { refusal: string | null }) {
  return (
    <main className="waiting">
      <h1>Local workspace</h1>
      <p role="status">{refusal ?? 'Opening …'}</p>
      {refusal !== null && <a href="?">Open the page from its beginning</a>}
    </main>
  );
}

interface WorkspaceProps {
  readonly address: Address;
  readonly client: Client;
  readonly opening: Opening;
  readonly line: Seen['line'];
}

function Workspace({ address, client, opening, line }: WorkspaceProps) {
  const { go, become } = address;
  const [given, setGiven] = useState<{ text: string; number: number } | undefined>();
  const [said, setSaid] = useState('');
  const place = placeIn(opening, address.place);
  const { follow, ledNowhere } = useFollow(client, go, address.place);
  const session = useMemo(
    () => ({
      client,
      place,
      go,
      follow,
      suggestWords: (text: string) => setGiven((last) => ({ text, number: (last?.number ?? 0) + 1 })),
      announce: setSaid,
    }),
    [client, place, go, follow],
  );
  useEffect(() => {
    if (address.place.at === 'start') go(place, true);
  }, [address.place.at, go, place]);
  const channel = opening.channels.find((each) => each.id === place.channel);
  useEffect(() => {
    document.title = `${pageTitle(place, channel, opening)} – ${opening.team.name}`;
  });

  return (
    <SessionContext value={session}>
      <Frame
        channel={channel}
        given={given}
        line={line}
        ledNowhere={ledNowhere}
        notice={opening.notice}
        said={said}
        onBecome={become}
      />
    </SessionContext>
  );
}

function pageTitle(place: Place, channel: ChannelCard | undefined, opening: Opening): string {
  if (place.at === 'home') return `${opening.app.name} Home`;
  const unread = opening.channels.reduce(
    (sum, each) => sum + (each.isMember ? (isConversation(each) ? each.unread : each.mentions) : 0),
    0,
  );
  const title = channel ? titleOf(channel, opening.me.id) : 'Local workspace';
  return unread > 0 ? `(${unread}) ${title}` : title;
}

// A place that this person cannot see is not left open from who one was before.
function placeIn(opening: Opening, place: Place): Place {
  const isThere = opening.channels.some((each) => each.id === place.channel);
  if (place.at === 'home' || isThere) return place;
  return { at: 'channel', channel: opening.startIn };
}

interface FrameProps {
  readonly channel: ChannelCard | undefined;
  readonly given: { text: string; number: number } | undefined;
  readonly line: Seen['line'];
  /** Why the link last followed led nowhere. */
  readonly ledNowhere: string;
  readonly notice: string;
  readonly said: string;
  onBecome(id: string): void;
}

function Frame({ channel, given, line, ledNowhere, notice, said, onBecome }: FrameProps) {
  const { client, place } = useSession();
  const me = useMe();
  const [isPanelOpen, setPanelOpen] = useState(false);
  // What was said before the page was opened is no news, nor what one cleared away.
  const [knownTo, setKnownTo] = useState(() => client.look().space?.opening.wire.at(-1)?.number ?? 0);
  const onLink = useLinksInside();
  const drawer = useDrawer();
  const thread = place.at === 'channel' && channel ? place.thread : undefined;
  return (
    <div
      className={`frame${isPanelOpen ? ' with-panel' : ''}${thread ? ' with-thread' : ''}`}
      onClickCapture={onLink}
      onAuxClickCapture={onLink}
    >
      <button type="button" className="skip" onClick={skipToMain}>
        Skip to the messages
      </button>
      <TopBar
        isPanelOpen={isPanelOpen}
        isDrawerOpen={drawer.isOpen}
        knownTo={knownTo}
        onPanel={() => setPanelOpen((open) => !open)}
        onDrawer={drawer.toggle}
        onBecome={onBecome}
      />
      <section className="notice" aria-label="About this workspace">
        {notice}
      </section>
      {line === 'lost' && (
        <p className="notice lost" role="alert">
          The local workspace does not answer. See whether npm start still runs; this page connects again by
          itself.
        </p>
      )}
      {line !== 'lost' && ledNowhere !== '' && (
        <p className="notice lost" role="alert">
          {ledNowhere}
        </p>
      )}
      <nav
        id="drawer"
        aria-label="Channels"
        className={drawer.isOpen ? 'drawer open' : 'drawer'}
        onKeyDown={(event) => {
          if (event.key === 'Escape') drawer.close('.drawer-button');
        }}
      >
        <Sidebar onGone={() => drawer.close('#main')} />
      </nav>
      <main id="main" tabIndex={-1}>
        {place.at === 'home' && <HomePlace />}
        {place.at === 'channel' && channel && (
          <ChannelView
            key={`${me.id} ${channel.id}`}
            channel={channel}
            message={place.message}
            given={given}
          />
        )}
      </main>
      {thread && channel && <Thread key={`${me.id} ${channel.id} ${thread}`} channel={channel} ts={thread} />}
      {isPanelOpen && <PanelPlace onClose={() => setPanelOpen(false)} onCleared={setKnownTo} />}
      <ModalPlace />
      <Live channel={channel?.id ?? ''} said={said} />
    </div>
  );
}

// On a narrow screen the channels lie over the page; when they go, the focus goes on.
function useDrawer() {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    if (isOpen) document.querySelector<HTMLElement>('#drawer button')?.focus();
  }, [isOpen]);
  return {
    isOpen,
    toggle: () => setOpen((open) => !open),
    close: (focusOn: string) => {
      if (!isOpen) return;
      setOpen(false);
      document.querySelector<HTMLElement>(focusOn)?.focus();
    },
  };
}

function skipToMain() {
  const main = document.getElementById('main');
  if (!focusNewest(main)) main?.focus();
}

// A link of this workspace is a place on this page, or nothing: outside it means another workspace or none.
function useFollow(client: Client, go: Address['go'], place: Place) {
  const [ledNowhere, setLedNowhere] = useState('');
  // biome-ignore lint/correctness/useExhaustiveDependencies: who is elsewhere, or somebody else, has gone on
  useEffect(() => setLedNowhere(''), [client, place]);
  const follow = useCallback(
    (href: string) => {
      const opening = client.look().space?.opening;
      if (!opening || !isInside(href, opening.team.url)) return false;
      const to = placeOfPermalink(href);
      if (to && opening.channels.some((each) => each.id === to.channel)) {
        setLedNowhere('');
        go(to);
      } else setLedNowhere(whyNowhere(to, opening));
      return true;
    },
    [client, go],
  );
  return { follow, ledNowhere };
}

function whyNowhere(to: Place | null, opening: Opening): string {
  if (to) return `That link leads to a channel that ${opening.me.realName || opening.me.name} cannot see.`;
  return 'That link leads to a page of Slack’s that this local workspace does not have.';
}

function useLinksInside() {
  const { follow } = useSession();
  return useCallback(
    (event: MouseEvent) => {
      // The right button asks for the browser's own menu.
      if (event.button > 1) return;
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      if (link && !event.defaultPrevented && follow(link.href)) event.preventDefault();
    },
    [follow],
  );
}

function HomePlace() {
  const { client } = useSession();
  const viewer = useViewer();
  const view = useSpace((space) => space.opening.home);
  const app = useSpace((space) => space.opening.app.name);
  useEffect(() => {
    void client.act({ do: 'openHome' });
  }, [client]);
  return (
    <section className="home-place" aria-label={`${app} Home`}>
      <header className="channel-head">
        <h1>{app} Home</h1>
      </header>
      <div className="home-scroll">
        <h2 className="unseen">What {app} shows you</h2>
        <Home view={view} viewer={viewer} act={client.act} />
      </div>
    </section>
  );
}

function ModalPlace() {
  const { client } = useSession();
  const viewer = useViewer();
  const view = useSpace((space) => space.opening.view);
  return <ModalStack view={view} viewer={viewer} act={client.act} />;
}

function PanelPlace(props: Pick<PanelProps, 'onClose' | 'onCleared'>) {
  const { client } = useSession();
  const cards = useSpace((space) => space.opening.wire);
  const faults = useSpace((space) => space.opening.faults);
  const me = useSpace((space) => space.opening.me);
  const app = useSpace((space) => space.opening.app.name);
  return <Panel {...props} cards={cards} faults={faults} onFault={client.fault} zone={me.zone} app={app} />;
}
