//! Finding an execution whose answer was lost: which one of the list it is, how often to look, and when it is certain
//! that there is none. Nothing is guessed: one new execution is ours, of several nobody knows.

/// The delay before the second look, in milliseconds. The first is at once.
const FIRST_MS: f64 = 500.0;
/// The longest delay between two looks, in milliseconds.
const LONGEST_MS: f64 = 10_000.0;
/// How much longer each delay is than the one before.
const GROWTH: f64 = 1.5;
/// How many looks in a row may fail.
const LOOKS_IN_VAIN: u32 = 10;

/// One execution, as a look shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its id.
    pub id: String,
    /// Whether it has ended, well or badly.
    pub has_ended: bool,
}

/// What to do after a look.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// Look again after so many milliseconds.
    LookAfter(f64),
    /// This one it is, and it has ended.
    Take(String),
    /// The request never arrived: it is safe to send it again.
    NeverArrived,
    /// Any of these may be it.
    Ambiguous(Vec<String>),
    /// The service cannot be asked.
    GiveUp,
}

/// The search for one execution.
#[derive(Clone, Debug)]
pub struct Recovery {
    known: Vec<String>,
    grace_ends_ms: f64,
    found: Option<String>,
    delay_ms: f64,
    in_vain: u32,
}

impl Recovery {
    /// `known` are the executions from before the request. One that is not there `grace_ms` after now never began.
    #[must_use]
    pub fn new(known: Vec<String>, now_ms: f64, grace_ms: f64) -> Self {
        Self { known, grace_ends_ms: now_ms + grace_ms, found: None, delay_ms: FIRST_MS, in_vain: 0 }
    }

    /// The execution, once it is known which one it is.
    #[must_use]
    pub fn found(&self) -> Option<&str> {
        self.found.as_deref()
    }

    /// Takes a look at the newest executions. `chance` is uniform in 0..1.
    pub fn looked(&mut self, seen: &[Seen], now_ms: f64, chance: f64) -> Next {
        self.in_vain = 0;
        let is_late = now_ms >= self.grace_ends_ms;
        let new: Vec<&Seen> = seen.iter().filter(|seen| !self.known.contains(&seen.id)).collect();
        // What begins after the grace is not ours, if ours was there before.
        let is_settled = is_late && self.found.is_some();
        match new.as_slice() {
            [] if is_late && self.found.is_none() => return Next::NeverArrived,
            [] => {}
            [only] if self.found.is_none() => self.found = Some(only.id.clone()),
            [_] => {}
            several if !is_settled => {
                return Next::Ambiguous(several.iter().map(|seen| seen.id.clone()).collect());
            }
            _ => {}
        }
        let ours = new.iter().find(|seen| self.found.as_ref() == Some(&seen.id));
        match ours {
            Some(ours) if ours.has_ended => Next::Take(ours.id.clone()),
            _ => self.later(now_ms, chance),
        }
    }

    /// A look failed.
    pub fn looked_in_vain(&mut self, now_ms: f64, chance: f64) -> Next {
        self.in_vain = self.in_vain.saturating_add(1);
        if self.in_vain >= LOOKS_IN_VAIN { Next::GiveUp } else { self.later(now_ms, chance) }
    }

    fn later(&mut self, now_ms: f64, chance: f64) -> Next {
        let delay = self.delay_ms * (0.8 + 0.4 * chance.clamp(0.0, 1.0));
        self.delay_ms = (self.delay_ms * GROWTH).min(LONGEST_MS);
        let grace_left = self.grace_ends_ms - now_ms;
        let is_waiting_for_grace = self.found.is_none() && grace_left > 0.0;
        Next::LookAfter(if is_waiting_for_grace { delay.min(grace_left) } else { delay })
    }
}
