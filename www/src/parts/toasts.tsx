import { closeToast, toasts } from "../session/toasts.js";

/** The container is always in the page, so that screen readers announce what is added to it. */
export function Toasts() {
  return (
    <div class="toasts" role="status">
      {toasts.value.map(({ id, text, action }) => (
        <div key={id} class="toast">
          <span>{text}</span>
          {action && (
            <button
              type="button"
              class="quiet"
              onClick={() => {
                closeToast(id);
                action.run();
              }}
            >
              {action.label}
            </button>
          )}
          <button type="button" class="quiet" aria-label="Close the message" onClick={() => closeToast(id)}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
