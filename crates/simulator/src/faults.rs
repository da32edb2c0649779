//! The classes of faults, and which of them took effect: a fault injection that never fires is a test that cannot fail.

macro_rules! faults {
    ($($(#[doc = $doc:literal])+ $id:ident,)+) => {
        /// A class of faults.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Fault {
            $($(#[doc = $doc])+ $id,)+
        }

        impl Fault {
            pub const ALL: &'static [Self] = &[$(Self::$id),+];
        }
    };
}

faults! {
    /// A list that was read did not show an own execution that had started.
    ListLag,
    /// The same for longer than the grace.
    LagAboveGrace,
    /// A list did not show an execution that an earlier one had shown.
    ListFlaps,
    /// A list came in no order.
    ListShuffled,
    /// The list came oldest first.
    OldestFirst,
    /// An own execution was never listed.
    ListIncomplete,
    /// An own execution was not on the first page.
    OffFirstPage,
    /// Somebody else ran the same skill while a run of ours had no execution, in a shared account.
    ForeignShared,
    /// The same in an account of our own: what the design assumes not to happen.
    ForeignInWindow,
    /// Somebody else ran the same skill at another time.
    ForeignOutside,
    /// The server's clock is off by more than a minute.
    ClockOffset,
    /// The clocks of the server's machines differ.
    MachineSkew,
    /// The server's times have whole seconds.
    CoarseTimes,
    /// The server's times cannot be read.
    UnreadableTimes,
    /// The page cannot read `Date`.
    NoDate,
    /// An item of the list had a null that the contract does not declare.
    UndeclaredNull,
    /// An item of the list had a status that the contract does not declare.
    UnknownStatus,
    /// An item of the list had members that the contract does not declare.
    UnknownMember,
    /// An own execution failed.
    ExecutionFails,
    /// An own execution never ended.
    ExecutionNeverEnds,
    /// An own execution took more than a minute.
    ExecutionLong,
    /// Two own executions of one skill took exactly as long.
    EqualLatencies,
    /// 5xx, and it was executed.
    ErrorAfterExecuting,
    /// 5xx, and it was not executed.
    ErrorBeforeExecuting,
    /// 503 of any kind, and it was not executed.
    BusyNotExecuted,
    /// 503 with `Retry-After`, and it was executed.
    BusyExecuted,
    /// 503 with the delay in its body only, and it was executed.
    BusyInBodyExecuted,
    /// 503 without any delay, and it was executed.
    BusyBareExecuted,
    /// 429: the plan's limit of sessions.
    TooManySessions,
    /// 429: too many requests.
    RateLimit,
    /// 401 for the key of a request.
    KeyRejected,
    /// 404 for the skill.
    NoSkill,
    /// 200 with a body that the contract does not allow.
    BrokenContract,
    /// 409 of the proxy: it may have been executed.
    KeyInDoubt,
    /// A repeated idempotency key got the response of the first request.
    KeyReplayed,
    /// The list could not be had.
    ListError,
    /// The output of an execution was 404.
    OutputMissing,
    /// The download URL of an output had expired.
    DownloadExpired,
    /// A paid request was lost before it arrived.
    LostBefore,
    /// The response of a paid request was lost.
    LostAfter,
    /// A loss was silent: no error before the time limit.
    Silence,
    /// A paid request arrived after its connection had broken.
    LateArrival,
    /// A paid request took seconds to arrive.
    Stalled,
    /// A response was cut short.
    CutShort,
    /// A response had the status 0.
    StatusZero,
    /// A response took seconds to come back.
    Slow,
    /// A request for the list, an output or a download was lost.
    FreeLost,
    /// Nothing left the machine.
    NotSent,
    /// The device was offline.
    Offline,
    /// Two tabs without a common lock ran the same skill at once.
    NoSharedLocks,
    /// A run to be recovered without a journal.
    NoJournal,
    /// A write to the journal failed.
    JournalFails,
    /// A write to the journal never ended.
    JournalHangs,
    /// A write to the journal took more than a second.
    JournalSlow,
    /// The journal could not be read.
    JournalUnreadable,
    /// A tab died while a call was pending.
    Killed,
    /// A tab died while a paid request was pending.
    KilledInFlight,
    /// A tab died while `deliver` was at work.
    KilledInDeliver,
    /// A new page resumed in the place of a dead tab.
    Reloaded,
    /// A resumed run was acknowledged.
    ResumeAcknowledged,
    /// A resumed run was delivered.
    ResumeDelivered,
    /// A resumed run was neither, and its tab lived on.
    ResumeIgnored,
    /// Two tabs resumed at once, with entries to resume.
    ResumedTwice,
    /// A call was aborted before its request left.
    AbortedBefore,
    /// A call was aborted after its request may have left.
    AbortedAfter,
    /// The whole call ran out of time.
    TotalTimeout,
    /// An attempt ran out of time.
    AttemptTimeout,
    /// A timer was more than a second late.
    TimerLate,
    /// The monotonic clock of a tab is coarse.
    CoarseClock,
    /// The wall clock of a tab jumped.
    ClockJump,
    /// `deliver` took time.
    DeliverSlow,
    /// `deliver` failed.
    DeliverFails,
    /// Two clients of one tab ran the same skill.
    TwoClients,
    /// A run waited for another because of `maxConcurrent`.
    Limited,
    /// Two runs spelled the id of one skill differently.
    Spelling,
    /// The key took time to come.
    KeySlow,
    /// There was no key.
    KeyFails,
    /// `accept` recognised a result.
    Accepted,
    /// A run without `recover` ran beside one with it.
    Unprotected,
    /// An ambiguous run was discarded.
    Discarded,
}

/// A set of classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults(u128);

impl Faults {
    pub const fn add(&mut self, fault: Fault) {
        self.0 |= 1 << fault as u8;
    }

    pub const fn has(self, fault: Fault) -> bool {
        self.0 >> fault as u8 & 1 == 1
    }

    pub fn has_any(self, faults: &[Fault]) -> bool {
        faults.iter().any(|fault| self.has(*fault))
    }

    pub fn iter(self) -> impl Iterator<Item = Fault> {
        Fault::ALL.iter().copied().filter(move |fault| self.has(*fault))
    }
}

/// A class, classes that it cannot meet in one world, and why.
type Impossible = (Fault, &'static [Fault], &'static str);

/// What recovery by the list meets, and recovery by keys does not.
const OF_THE_LIST: &[Fault] = &[
    Fault::ListLag,
    Fault::LagAboveGrace,
    Fault::ListFlaps,
    Fault::ListShuffled,
    Fault::OldestFirst,
    Fault::OffFirstPage,
    Fault::ClockOffset,
    Fault::MachineSkew,
    Fault::CoarseTimes,
    Fault::UnreadableTimes,
    Fault::UndeclaredNull,
    Fault::UnknownStatus,
    Fault::UnknownMember,
    Fault::ListError,
    Fault::OutputMissing,
    Fault::DownloadExpired,
    Fault::FreeLost,
    Fault::Accepted,
    Fault::Discarded,
];

/// Pairs that no world can have.
pub const IMPOSSIBLE: &[Impossible] = &[
    (Fault::KeyReplayed, OF_THE_LIST, "with idempotency keys nothing but the paid request is sent"),
    (Fault::KeyInDoubt, OF_THE_LIST, "with idempotency keys nothing but the paid request is sent"),
    (Fault::ForeignInWindow, &[Fault::ForeignShared, Fault::Accepted], "an account is shared or it is not"),
    (Fault::ListShuffled, &[Fault::OldestFirst], "a list has one order"),
    (Fault::UnreadableTimes, &[Fault::CoarseTimes, Fault::MachineSkew], "what cannot be read is not wrong"),
    (
        Fault::NoJournal,
        &[
            Fault::JournalFails,
            Fault::JournalHangs,
            Fault::JournalSlow,
            Fault::JournalUnreadable,
            Fault::Reloaded,
            Fault::ResumeAcknowledged,
            Fault::ResumeDelivered,
            Fault::ResumeIgnored,
            Fault::ResumedTwice,
            Fault::Discarded,
        ],
        "there is nothing to fail, and nothing to resume",
    ),
];
