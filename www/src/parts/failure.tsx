/** Shows an error and advice. */
import { isBrowserUseError } from "browser-use-skills";
import type { ComponentChildren } from "preact";
import { ADVICE } from "../lib/advice.js";
import { count, duration } from "../lib/format.js";

export function Failure({ error, children }: { error: unknown; children?: ComponentChildren }) {
  if (error === undefined) return null;
  if (!isBrowserUseError(error)) {
    const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
    return (
      <div class="failure" role="alert" data-error={name}>
        <p class="title">{name}</p>
        <p>{message}</p>
        <div class="actions">{children}</div>
      </div>
    );
  }
  const { text, link } = ADVICE[error.code];
  return (
    <div class="failure" role="alert" data-error={error.code}>
      <p class="title">
        {error.name}
        {error.status !== undefined && <span class="tag">{error.status}</span>}
      </p>
      <p>{error.message}</p>
      {error.issues.length > 0 && (
        <ul>
          {error.issues.map(({ path, msg }) => (
            <li key={path}>
              <code>{path}</code> {msg}
            </li>
          ))}
        </ul>
      )}
      {error.code === "ambiguous_execution" && (
        <ul>
          {error.candidates.map(({ id, startedAt }) => (
            <li key={id}>
              <code>{id}</code> {startedAt}
            </li>
          ))}
        </ul>
      )}
      <p class="next">{text}</p>
      <p class="soft">
        {[
          error.attempts > 0 && count(error.attempts, "request"),
          error.totalDelay > 0 && `${duration(error.totalDelay)} of delays`,
          "retryAfter" in error && error.retryAfter && `Retry-After: ${duration(error.retryAfter)}`,
          error.maybeExecuted ? "the operation may have run" : "the operation did not run",
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
      <div class="actions">
        {link && (
          <a class="button" href={link.href}>
            {link.label}
          </a>
        )}
        {children}
      </div>
    </div>
  );
}
