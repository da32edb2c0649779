//! Error codes. In JavaScript, each has an error class.

macro_rules! error_codes {
    ($($(#[doc = $doc:literal])+ $id:ident = $code:literal
        $({ $($(#[doc = $field_doc:literal])+ $field:literal: $type:literal,)+ })?,)+) => {
        /// Error code. In JavaScript, each is a class `…Error`, a subclass of `BrowserUseError`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $($(#[doc = $doc])+ $id,)+
        }

        impl ErrorCode {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$id),+];

            /// The `code` in JavaScript.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$id => $code,)+
                }
            }

            /// The name of the JavaScript class.
            #[cfg(not(target_arch = "wasm32"))]
            #[must_use]
            pub const fn class(self) -> &'static str {
                match self {
                    $(Self::$id => concat!(stringify!($id), "Error"),)+
                }
            }

            /// The documentation of the code.
            #[cfg(not(target_arch = "wasm32"))]
            #[must_use]
            pub const fn doc(self) -> &'static str {
                match self {
                    $(Self::$id => concat!($($doc, "\n",)+),)+
                }
            }

            /// Additional fields of the JavaScript class: documentation, name and TypeScript type.
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
    /// The skill, execution, output or generation does not exist, or the skill has no code.
    SkillNotFound = "skill_not_found",
    /// The skill is not finished, not enabled, public where it must be private, or has no generation to clone.
    SkillNotFinished = "skill_not_finished",
    /// The account has too few credits. Nothing was started.
    InsufficientCredits = "insufficient_credits",
    /// Another skill of the project is being created. Wait until it has finished, or cancel it.
    ConcurrentSkillCreations = "concurrent_skill_creations",
    /// The plan's limit of concurrent sessions is reached. Nothing was started: retry when a session has ended.
    TooManyConcurrentActiveSessions = "too_many_concurrent_active_sessions" {
        /// Delay requested by the server, in milliseconds, if any.
        "retryAfter": "number | undefined",
    },
    /// The plan's limit of enabled skills is reached. Disable another skill first.
    EnabledSkillsLimitExceeded = "enabled_skills_limit_exceeded",
    /// No generation is in progress that could be cancelled.
    GenerationNotCancellable = "generation_not_cancellable",
    /// The skill cannot be rolled back: it is public, or has only one version.
    CannotRollbackPublicSkill = "cannot_rollback_public_skill",
    /// A skill cannot be deleted while it is generating. Cancel the generation first.
    CannotDeleteSkillWhileGenerating = "cannot_delete_skill_while_generating",
    /// The session does not exist.
    SessionNotFound = "session_not_found",
    /// The profile does not exist.
    ProfileNotFound = "profile_not_found",
    /// The account does not exist.
    AccountNotFound = "account_not_found",
    /// The server rejected values of the request, listed in `issues`.
    Validation = "validation",
    /// The key is missing, invalid, or lacks the permission; or the function that provides it failed.
    Authentication = "authentication",
    /// The request is invalid and was not sent. `issues` lists all violations.
    InvalidRequest = "invalid_request",
    /// The awaited generation ended without success: `failed`, `cancelled`, `timed_out`, or without a new version.
    /// `body` is the skill.
    SkillGeneration = "skill_generation",
    /// The skill ran and failed. Thrown by `run` of a skill's handle.
    SkillExecution = "skill_execution" {
        /// Error message of the skill.
        "executionError": "string | undefined",
        /// Standard error output of the skill. Not enumerable.
        "stderr": "string | undefined",
        /// Duration of the run, in milliseconds.
        "latencyMs": "number | undefined",
    },
    /// The response was lost, and its execution cannot be identified. The request was not sent again.
    AmbiguousExecution = "ambiguous_execution" {
        /// The possible executions of this call.
        "candidates": "readonly SkillExecutionView[]",
    },
    /// The journal cannot be read or written. `cause` is the error of the journal.
    Journal = "journal",
    /// Too many requests in a short time.
    RateLimit = "rate_limit" {
        /// Delay requested by the server, in milliseconds, if any.
        "retryAfter": "number | undefined",
    },
    /// No response: the device is offline, the host name does not resolve, CORS forbids the request, or the connection
    /// broke.
    Network = "network",
    /// No complete response within a time limit. `maybeExecuted` says whether the request may have been executed.
    Timeout = "timeout" {
        /// The exceeded limit.
        "limit": "\"timeout\" | \"totalTimeout\" | \"waitTimeout\"",
        /// Elapsed time, in milliseconds.
        "elapsed": "number",
    },
    /// The server failed (5xx).
    Server = "server" {
        /// Delay requested by the server, in milliseconds, if any.
        "retryAfter": "number | undefined",
    },
    /// A successful response whose body violates the contract. `text` is the body.
    Response = "response" {
        /// Path of the invalid field, in code notation; undefined if the body is not JSON.
        "path": "string | undefined",
    },
    /// A status that the contract does not declare. Often, the `baseUrl` is wrong.
    UnexpectedStatus = "unexpected_status" {
        /// Delay requested by the server, in milliseconds, if any.
        "retryAfter": "number | undefined",
    },
    /// The WebAssembly cannot be loaded.
    Load = "load" {
        /// Reason of the failure.
        "reason": "LoadFailureReason",
        /// The exceeded limit, if the reason is `"timeout"`.
        "limit": "\"timeout\" | \"totalTimeout\" | undefined",
        /// Elapsed time in milliseconds, if the reason is `"timeout"`.
        "elapsed": "number | undefined",
    },
    /// A bug in the library. Please report it.
    Internal = "internal",
}
