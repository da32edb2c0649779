//! The codes of errors. JavaScript has a class for each.

macro_rules! error_codes {
    ($($(#[doc = $doc:literal])+ $id:ident = $code:literal
        $({ $($(#[doc = $field_doc:literal])+ $field:literal: $type:literal,)+ })?,)+) => {
        /// Everything that can go wrong, by name. In JavaScript each is a class, `…Error`, under `BrowserUseError`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $($(#[doc = $doc])+ $id,)+
        }

        impl ErrorCode {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$id),+];

            /// The `code` that JavaScript sees.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$id => $code,)+
                }
            }

            /// The name of the class that JavaScript sees.
            #[cfg(not(target_arch = "wasm32"))]
            #[must_use]
            pub const fn class(self) -> &'static str {
                match self {
                    $(Self::$id => concat!(stringify!($id), "Error"),)+
                }
            }

            /// What it means, in a sentence or two.
            #[cfg(not(target_arch = "wasm32"))]
            #[must_use]
            pub const fn doc(self) -> &'static str {
                match self {
                    $(Self::$id => concat!($($doc, "\n",)+),)+
                }
            }

            /// The fields of the class that JavaScript sees, besides those of `BrowserUseError`: documentation, name and
            /// TypeScript type.
            #[cfg(not(target_arch = "wasm32"))]
            #[must_use]
            pub const fn fields(self) -> &'static [(&'static str, &'static str, &'static str)] {
                match self {
                    $(Self::$id => &[$($((concat!($($field_doc, "\n",)+), $field, $type),)+)?],)+
                }
            }
        }
    };
}

error_codes! {
    /// There is no such skill, execution, output or generation, or the skill has no code.
    SkillNotFound = "skill_not_found",
    /// The skill is not finished, not enabled, public where it must not be, or has no generation to clone.
    SkillNotFinished = "skill_not_finished",
    /// The account has too few credits. Nothing was started.
    InsufficientCredits = "insufficient_credits",
    /// Another skill of the project is being created. Wait for it or cancel it.
    ConcurrentSkillCreations = "concurrent_skill_creations",
    /// The plan's limit of sessions at once is reached. Nothing was started; try again when one has ended.
    TooManyConcurrentActiveSessions = "too_many_concurrent_active_sessions" {
        /// The delay that the server asked for, in milliseconds, if any.
        "retryAfter": "number | undefined",
    },
    /// The plan's limit of enabled skills is reached. Disable another one first.
    EnabledSkillsLimitExceeded = "enabled_skills_limit_exceeded",
    /// There is no generation that could be cancelled.
    GenerationNotCancellable = "generation_not_cancellable",
    /// A public skill cannot be rolled back, nor one that has a single version.
    CannotRollbackPublicSkill = "cannot_rollback_public_skill",
    /// A skill cannot be deleted while it is generating. Cancel it first.
    CannotDeleteSkillWhileGenerating = "cannot_delete_skill_while_generating",
    /// The server refused the request's values. `issues` tells which.
    Validation = "validation",
    /// The key is missing, wrong, or not allowed to do this; or the function that gives it failed.
    Authentication = "authentication",
    /// The request was refused before anything was sent. `issues` tells why.
    InvalidRequest = "invalid_request",
    /// The generation of a skill that was waited for ended, but not well: `failed`, `cancelled`, `timed_out`, or without
    /// a new version. `body` is the skill.
    SkillGeneration = "skill_generation",
    /// The skill ran and failed: thrown by `run` of a skill's handle.
    SkillExecution = "skill_execution" {
        /// The error that the skill reported.
        "executionError": "string | undefined",
        /// What the skill wrote to its standard error stream. Not enumerable.
        "stderr": "string | undefined",
        /// How long the skill ran, in milliseconds.
        "latencyMs": "number | undefined",
    },
    /// The response was lost, and it cannot be proved which execution is the call's own. Nothing was sent again.
    AmbiguousExecution = "ambiguous_execution" {
        /// The executions that may be the call's own.
        "candidates": "readonly SkillExecutionView[]",
    },
    /// The journal could not be read or written. `cause` is what it threw.
    Journal = "journal",
    /// Too many requests in a short time.
    RateLimit = "rate_limit" {
        /// The delay that the server asked for, in milliseconds, if any.
        "retryAfter": "number | undefined",
    },
    /// No response: no connection, a name that does not resolve, a CORS refusal, a connection that broke.
    Network = "network",
    /// No complete response within a time limit. `maybeExecuted` says whether the request may have been executed.
    Timeout = "timeout" {
        /// The limit.
        "limit": "\"timeout\" | \"totalTimeout\" | \"waitTimeout\"",
        /// The time that had passed, in milliseconds.
        "elapsed": "number",
    },
    /// The server failed (5xx).
    Server = "server" {
        /// The delay that the server asked for, in milliseconds, if any.
        "retryAfter": "number | undefined",
    },
    /// A success whose body is not what the contract promises. `text` is the body.
    Response = "response" {
        /// The part of the body that is wrong, in code notation; undefined if the body is not JSON.
        "path": "string | undefined",
    },
    /// A status that the contract does not declare. Often the `baseUrl` is wrong.
    UnexpectedStatus = "unexpected_status" {
        /// The delay that the server asked for, in milliseconds, if any.
        "retryAfter": "number | undefined",
    },
    /// The WebAssembly could not be loaded.
    Load = "load" {
        /// The reason.
        "reason": "LoadFailureReason",
        /// The limit, if the reason is `"timeout"`.
        "limit": "\"timeout\" | \"totalTimeout\" | undefined",
        /// The time that had passed, in milliseconds, if the reason is `"timeout"`.
        "elapsed": "number | undefined",
    },
    /// A fault of the library: please report it.
    Internal = "internal",
}
