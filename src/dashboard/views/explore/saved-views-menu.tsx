/** Saves what is shown under a name, and shows it again. */
import { messages } from "../../i18n/messages.ts";
import { fieldText } from "../../parts/form-field.ts";
import { Icon } from "../../parts/icon.tsx";
import { Popover } from "../../parts/popover.tsx";
import { address, goTo, urlOf } from "../../state/address.ts";
import { removeView, saveView, savedViews } from "../../state/saved-views.ts";

export function SavedViewsMenu() {
  const t = messages.value.saved;
  return (
    <Popover
      label={t.title}
      buttonClass="button quiet small"
      button={
        <>
          <Icon name="bookmark" />
          {t.title}
        </>
      }
    >
      {(close) => <SavedViews onLeave={close} />}
    </Popover>
  );
}

function SavedViews({ onLeave }: { readonly onLeave: () => void }) {
  const t = messages.value.saved;
  const views = savedViews.value;

  function save(event: SubmitEvent): void {
    event.preventDefault();
    const name = fieldText(event, "name");
    if (name !== "") {
      saveView({ name, url: urlOf({ ...address.value, eventId: undefined }) });
      (event.currentTarget as HTMLFormElement).reset();
    }
  }

  return (
    <div class="menu saved-views">
      {views.length === 0 && <p class="faint">{t.none}</p>}
      {views.map(({ name, url }) => (
        <div key={name} class="saved-view">
          <button
            type="button"
            class="menu-item"
            onClick={() => {
              onLeave();
              goTo(url);
            }}
          >
            <bdi>{name}</bdi>
          </button>
          <button
            type="button"
            class="icon-button small quiet"
            aria-label={t.remove(name)}
            onClick={() => removeView(name)}
          >
            <Icon name="trash" />
          </button>
        </div>
      ))}
      <form class="save-view" onSubmit={save}>
        <input class="input" name="name" data-autofocus aria-label={t.name} placeholder={t.name} />
        <button type="submit" class="button">
          {t.save}
        </button>
      </form>
    </div>
  );
}
