/** The frame around the views: who is signed in, which view is open, and what is on every one of them. */
import { session } from "./api/session.ts";
import { Header } from "./header.tsx";
import { messages } from "./i18n/messages.ts";
import { Announcer } from "./parts/announcer.tsx";
import { view } from "./state/address.ts";
import { Explore } from "./views/explore/explore.tsx";
import { SignIn } from "./views/sign-in/sign-in.tsx";

export function App() {
  const open = session.value;
  return (
    <>
      {open === undefined ? (
        <SignIn />
      ) : (
        <div class="app">
          <a class="skip" href="#events">
            {messages.value.skipToEvents}
          </a>
          <Header />
          {/* Another organization is another log: nothing of the view survives the change. */}
          <View key={`${view.value} ${open.organizationId}`} />
        </div>
      )}
      <Announcer />
    </>
  );
}

function View() {
  switch (view.value) {
    default:
      return <Explore />;
  }
}
