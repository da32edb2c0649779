//! The classes of faults, and which of them took effect: a fault that is never injected tests nothing.

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
    /// A list lacked an execution of the client that had started.
    ListLag,
    /// The same, for longer than the grace period.
    LagAboveGrace,
    /// A list lacked an execution that an earlier list contained.
    ListFlaps,
    /// A list was in no order.
    ListShuffled,
    /// The list was sorted oldest first.
    OldestFirst,
    /// An execution of the client was never listed.
    ListIncomplete,
    /// An execution of the client was not on the first page.
    OffFirstPage,
    /// In a shared account, another user ran the same skill while a run had no execution.
    ForeignShared,
    /// The same in an account that is not shared, which the design assumes does not happen.
    ForeignInWindow,
    /// Another user ran the same skill at another time.
    ForeignOutside,
    /// The server's clock is off by more than a minute.
    ClockOffset,
    /// The clocks of the service's machines differ.
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
    /// An execution of the client failed.
    ExecutionFails,
    /// An execution of the client never ended.
    ExecutionNeverEnds,
    /// An execution of the client took more than a minute.
    ExecutionLong,
    /// Two executions of one skill took exactly the same time.
    EqualLatencies,
    /// A 5xx, and the run was executed.
    ErrorAfterExecuting,
    /// A 5xx, and the run was not executed.
    ErrorBeforeExecuting,
    /// A 503 of any kind, and the run was not executed.
    BusyNotExecuted,
    /// A 503 with `Retry-After`, and the run was executed.
    BusyExecuted,
    /// A 503 with the delay only in its body, and the run was executed.
    BusyInBodyExecuted,
    /// A 503 without a delay, and the run was executed.
    BusyBareExecuted,
    /// A 429: the plan's limit of concurrent sessions.
    TooManySessions,
    /// A 429: too many requests.
    RateLimit,
    /// A 401 for the API key of a request.
    KeyRejected,
    /// A 404 for the skill.
    NoSkill,
    /// A 200 with a body that violates the contract.
    BrokenContract,
    /// A 409 of the proxy: the run may have been executed.
    KeyUnresolved,
    /// A request with a repeated idempotency key received the response of the first.
    KeyReplayed,
    /// The list request failed.
    ListError,
    /// The request for the output of an execution got a 404.
    OutputMissing,
    /// The download URL of an output had expired.
    DownloadExpired,
    /// A request to execute was lost before it arrived.
    LostBefore,
    /// The response of a request to execute was lost.
    LostAfter,
    /// A loss was silent: the sender got no error before the timeout.
    Silence,
    /// A request to execute arrived after its connection had broken.
    LateArrival,
    /// A request to execute took seconds to arrive.
    Stalled,
    /// A response was truncated.
    CutShort,
    /// A response had the status 0.
    StatusZero,
    /// A response took seconds to arrive.
    Slow,
    /// A request for the list, an output or a download was lost.
    FreeLost,
    /// The request was not sent.
    NotSent,
    /// The device was offline.
    Offline,
    /// Two tabs without shared locks ran the same skill at the same time.
    NoSharedLocks,
    /// A run with `recover`, without a journal.
    NoJournal,
    /// A write to the journal failed.
    JournalFails,
    /// A write to the journal never ended.
    JournalHangs,
    /// A write to the journal took more than a second.
    JournalSlow,
    /// The journal could not be read.
    JournalUnreadable,
    /// A tab was killed while a call was pending.
    Killed,
    /// A tab was killed while a request to execute was pending.
    KilledInFlight,
    /// A tab was killed while `deliver` was pending.
    KilledInDeliver,
    /// A new page resumed the runs of a killed tab.
    Reloaded,
    /// A resumed run was acknowledged.
    ResumeAcknowledged,
    /// A resumed run was delivered.
    ResumeDelivered,
    /// A resumed run was neither acknowledged nor delivered, and its tab stayed open.
    ResumeIgnored,
    /// Two tabs resumed at the same time, with entries to resume.
    ResumedTwice,
    /// A call was aborted before its request was sent.
    AbortedBefore,
    /// A call was aborted after its request may have been sent.
    AbortedAfter,
    /// `totalTimeout` of a call expired.
    TotalTimeout,
    /// `timeout` of an attempt expired.
    AttemptTimeout,
    /// A timer fired more than a second late.
    TimerLate,
    /// The monotonic clock of a tab is coarse.
    CoarseClock,
    /// The wall clock of the device was set.
    ClockJump,
    /// `deliver` took time.
    DeliverSlow,
    /// `deliver` failed.
    DeliverFails,
    /// Two clients of one tab ran the same skill.
    TwoClients,
    /// A run waited for another because of `maxConcurrent`.
    Limited,
    /// Two runs used different spellings of the same skill id.
    Spelling,
    /// The API key was provided late.
    KeySlow,
    /// No API key was provided.
    KeyFails,
    /// `accept` recognised a result.
    Accepted,
    /// A run without `recover` overlapped with one with it.
    Unprotected,
    /// An ambiguous run was discarded.
    Discarded,
    /// A tab was killed while its batch was running.
    BatchKilled,
    /// The same, when a row was reserved and had no entry in the journal.
    KilledReserved,
    /// The same, when the journal had the entry of a row.
    KilledRunning,
    /// The same, when a result was stored and its entry was not removed.
    KilledStored,
    /// A batch continued what an earlier page had started.
    BatchContinued,
    /// A tab returned the results of another one.
    BatchFollowed,
    /// A tab continued the batch of another one that was killed or cancelled.
    BatchTakenOver,
    /// A batch was cancelled and started again.
    BatchCancelled,
    /// The caller paused a batch.
    BatchPaused,
    /// A batch reached its budget.
    BudgetSpent,
    /// A 402: no credits.
    NoCredits,
    /// A batch paused because of the network.
    NetworkPause,
    /// A batch paused because of the store.
    StorePause,
    /// A batch paused because of the journal.
    JournalPause,
    /// A row was executed again because the skill had failed.
    RowRetried,
    /// A row ended as failed.
    RowFailed,
    /// A row ended as unknown.
    RowUnknown,
    /// A row ended as rejected.
    RowRejected,
    /// A row was started again because nothing was executed.
    RowStartedAgain,
    /// A batch was given other parameters for a row that had been started.
    ParametersChanged,
    /// A write to the store failed.
    StoreFails,
    /// A write to the store never ended.
    StoreHangs,
    /// A write to the store took effect, although it failed or hung.
    StoreLies,
    /// An access to the store took more than a second.
    StoreSlow,
    /// The store could not be read.
    StoreUnreadable,
    /// A page resumed other runs while the journal had entries of the batch.
    ResumedBeside,
    /// Another call of the skill overlapped with the batch.
    ExecutedBeside,
    /// Another user ran the skill while a row had no execution.
    ForeignBeside,
}

/// The first class of batches. The others occur in all worlds.
const FIRST_OF_BATCH: Fault = Fault::BatchKilled;

/// Classes that do not occur in worlds with a batch, which needs shared locks and a journal, and where lists have one
/// page.
const NOT_IN_BATCH: &[Fault] =
    &[Fault::OffFirstPage, Fault::NoSharedLocks, Fault::NoJournal, Fault::Spelling];

impl Fault {
    /// Whether the class must occur in worlds with a batch, or in those without.
    pub fn is_expected(self, in_batch: bool) -> bool {
        if in_batch { !NOT_IN_BATCH.contains(&self) } else { (self as u8) < FIRST_OF_BATCH as u8 }
    }
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

/// A class, the classes that cannot occur in the same world, and why.
type Impossible = (Fault, &'static [Fault], &'static str);

/// Faults of recovery by the list, which recovery by idempotency keys does not encounter.
const LIST_FAULTS: &[Fault] = &[
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

/// Pairs that cannot occur in any world.
pub const IMPOSSIBLE: &[Impossible] = &[
    (Fault::KeyReplayed, LIST_FAULTS, "with idempotency keys, only the request to execute is sent"),
    (Fault::KeyUnresolved, LIST_FAULTS, "with idempotency keys, only the request to execute is sent"),
    (Fault::ForeignInWindow, &[Fault::ForeignShared, Fault::Accepted], "an account is either shared or not"),
    (Fault::ListShuffled, &[Fault::OldestFirst], "a list has one order"),
    (
        Fault::UnreadableTimes,
        &[Fault::CoarseTimes, Fault::MachineSkew],
        "a time that cannot be read is not wrong",
    ),
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
        "without a journal, nothing can fail and nothing can be resumed",
    ),
];
